import { parentPort, workerData } from "node:worker_threads";
import { isCutawayError } from "@cutaway/core";
import { openStore } from "@cutaway/store";
import { yieldTo } from "../thread-priority.ts";
import { explainJobs, type Job } from "./explain-jobs.ts";

/** The thread's end of `explainer.ts`: one job in, one answer out. */
export type JobAnswer = { text: string } | { error: { code: string; message: string; fix?: string } };

yieldTo("recorder");

const store = openStore((workerData as { path: string }).path);
const run = explainJobs(store);

let working: Promise<void> = Promise.resolve();

parentPort?.on("message", (message: Job | "close") => {
  working = working.then(async () => {
    if (message !== "close") return parentPort?.postMessage(await answerTo(message));
    store.close();
    parentPort?.close();
  });
});

async function answerTo(job: Job): Promise<JobAnswer> {
  try {
    return { text: await run(job) };
  } catch (error) {
    if (isCutawayError(error)) return { error: { code: error.code, message: error.message, ...(error.fix !== undefined && { fix: error.fix }) } };
    return { error: { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}
