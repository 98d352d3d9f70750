import { CutawayError, type InsideRequest } from "@cutaway/core";
import type { InsideAnswer, InsideQuestions, View } from "../inspect/ask-inside.ts";
import { newFlow, readerOf } from "../streams/flow.ts";
import type { ThreadJobs } from "./thread-jobs.ts";

export interface InspectOptions {
  signal?: AbortSignal;
  /** Heard between two runs of the network: `what` of them, and how many are done. */
  onProgress?(done: number, of: number, what: string): void;
}

/** What a view of the inside shows, from the thread. @throws `interrupted`, by the signal */
export async function inspectInThread<Of extends View>(
  jobs: ThreadJobs,
  view: Of,
  request: InsideRequest,
  question: InsideQuestions[Of],
  { signal, onProgress }: InspectOptions = {},
): Promise<InsideAnswer<Of>> {
  if (signal?.aborted) throw new CutawayError("interrupted", "nothing was looked at: nobody wants it any more", { kind: "interrupted" });
  const flow = newFlow();
  const { stop } = readerOf(flow);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return (await jobs.run({ do: "inspect", view, request, question, flow }, undefined, onProgress)) as InsideAnswer<Of>;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
