import { parentPort } from "node:worker_threads";
import { isCutawayError } from "@cutaway/core";
import { yieldTo } from "../thread-priority.ts";
import { type BenchAnswer, type BenchJob, runBenchJob } from "./bench-jobs.ts";

/** The thread's end of `tokenizer-bench.ts`: one job in, one answer out. */
export type ThreadAnswer = { bytes: BenchAnswer } | { error: { code: string; message: string; fix?: string } };

yieldTo("proxy");

parentPort?.on("message", async (job: BenchJob) => {
  const answer = await answerTo(job);
  parentPort?.postMessage(answer, "bytes" in answer ? [answer.bytes.buffer] : []);
});

async function answerTo(job: BenchJob): Promise<ThreadAnswer> {
  try {
    return { bytes: await runBenchJob(job) };
  } catch (error) {
    if (isCutawayError(error)) return { error: { code: error.code, message: error.message, ...(error.fix !== undefined && { fix: error.fix }) } };
    return { error: { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}
