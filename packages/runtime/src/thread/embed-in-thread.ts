import { CutawayError, type EmbedOptions } from "@cutaway/core";
import { newFlow, readerOf } from "../streams/flow.ts";
import type { ThreadJobs } from "./thread-jobs.ts";

/** Vectors of texts, from the thread. @throws `interrupted`, by the signal */
export async function embedInThread(jobs: ThreadJobs, texts: readonly string[], { signal }: EmbedOptions = {}): Promise<Float32Array[]> {
  if (signal?.aborted) throw new CutawayError("interrupted", "the texts were not read: nobody wants their vectors any more", { kind: "interrupted" });
  if (texts.length === 0) return [];
  const flow = newFlow();
  const { stop } = readerOf(flow);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return (await jobs.run({ do: "embed", texts, flow })) as Float32Array[];
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
