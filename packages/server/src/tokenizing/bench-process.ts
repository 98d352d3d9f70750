import { answerJobs } from "../answer-jobs.ts";
import { runBenchJob } from "./bench-jobs.ts";

/** The process's end of `tokenizer-bench.ts`. */
answerJobs(runBenchJob);
