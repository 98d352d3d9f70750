import { CutawayError, type ScoredTokens, type ScoreOptions } from "@cutaway/core";
import { newFlow, readerOf } from "../streams/flow.ts";
import type { ThreadJobs } from "./thread-jobs.ts";

/** The log-likelihood of given tokens, from the thread. @throws `interrupted`, by the signal */
export async function scoreInThread(
  jobs: ThreadJobs,
  tokens: ArrayLike<number>,
  { depth, source, signal }: ScoreOptions = {},
): Promise<ScoredTokens> {
  if (signal?.aborted) throw new CutawayError("interrupted", "the tokens were not scored: nobody wants them any more", { kind: "interrupted" });
  const flow = newFlow();
  const { stop } = readerOf(flow);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const given = { ...(depth !== undefined && { depth }), ...(source && { source: Array.from(source) }) };
    return (await jobs.run({ do: "score", tokens: Array.from(tokens), flow, ...given })) as ScoredTokens;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
