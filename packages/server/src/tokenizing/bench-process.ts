import { isCutawayError } from "@cutaway/core";
import { yieldTo } from "../thread-priority.ts";
import { type BenchAnswer, type BenchJob, runBenchJob } from "./bench-jobs.ts";

/** The process's end of `tokenizer-bench.ts`: one job in, one answer out. */
export type ProcessAnswer = { bytes: BenchAnswer } | { error: { code: string; message: string; fix?: string } };

yieldTo("proxy");

process.on("message", async (job: BenchJob) => process.send?.(await answerTo(job)));
process.on("disconnect", () => process.exit());

async function answerTo(job: BenchJob): Promise<ProcessAnswer> {
  try {
    return { bytes: await runBenchJob(job) };
  } catch (error) {
    if (isCutawayError(error)) return { error: { code: error.code, message: error.message, ...(error.fix !== undefined && { fix: error.fix }) } };
    return { error: { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}
