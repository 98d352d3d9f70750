import { answerJobs } from "../answer-jobs.ts";
import { runInsideJob } from "./inside-jobs.ts";

/** The process's end of `model-inside.ts`. */
answerJobs(runInsideJob);
