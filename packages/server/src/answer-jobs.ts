import { isCutawayError } from "@cutaway/core";
import type { JobAnswer } from "./job-process.ts";
import { yieldTo } from "./thread-priority.ts";

/** The process's end of `job-process.ts`: one job in, one answer out. */
export function answerJobs<Job>(work: (job: Job) => Promise<Uint8Array<ArrayBuffer>>): void {
  yieldTo("proxy");
  process.on("message", async (job: Job) => process.send?.(await answerTo(() => work(job))));
  process.on("disconnect", () => process.exit());
}

async function answerTo(work: () => Promise<Uint8Array<ArrayBuffer>>): Promise<JobAnswer> {
  try {
    return { bytes: await work() };
  } catch (error) {
    if (isCutawayError(error)) return { error: { code: error.code, message: error.message, ...(error.fix !== undefined && { fix: error.fix }) } };
    return { error: { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}
