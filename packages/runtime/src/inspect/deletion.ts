import { logSoftmax } from "@cutaway/sampling";
import { divergence } from "./next-token.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { type Pace, unhurried } from "./pace.ts";

/** A part of the prompt: neighbouring tokens, looked at together. */
export interface PromptUnit {
  /** First and one past the last, of the tokens that are read. */
  start: number;
  end: number;
}

/** What is left of the answer token when a part is not there. */
export interface Deletion {
  logprob: number;
  /** Of the log probability, nats: below 0, the part spoke for the token. */
  change: number;
  /** KL of the next token's distribution with the part from the one without it, nats. */
  divergence: number;
}

export interface DeletionResult {
  base: { logprob: number; logprobs: Float32Array };
  units: Deletion[];
}

const batchTokens = 512;

/**
 * The log probability of the token after the reading's last, with each unit left out in turn. What follows a unit moves up by its length, so a change
 * mixes two things: that the words are gone, and that the rest stands closer.
 * source  Li et al. 2016, "Understanding Neural Networks through Representation Erasure", arXiv 1612.08220
 */
export async function deleteUnits(
  model: OpenModel,
  reading: Reading,
  token: number,
  units: readonly PromptUnit[],
  pace: Pace = unhurried,
): Promise<DeletionResult> {
  const read = reading.source ?? reading.ids;
  const without = ({ start, end }: PromptUnit): Reading => {
    const kept = [...read.slice(0, start), ...read.slice(end)];
    return reading.source ? { ids: reading.ids, source: kept } : { ids: kept };
  };
  const nextOf = (rows: readonly Reading[]): Float32Array[] => {
    const last = (rows[0] as Reading).ids.length - 1;
    const { outputs } = model.run({ key: "logits", plan: {}, asked: [last], outputs: (_, logits) => ({ logits }) }, rows);
    const { data } = outputs.logits as { data: Float32Array };
    return rows.map((_, row) => logSoftmax(data.subarray((row * data.length) / rows.length, ((row + 1) * data.length) / rows.length)));
  };

  const [base] = nextOf([reading]) as [Float32Array];
  const found: Deletion[] = [];
  let done = 0;
  // Units of one length leave texts of one length: they are rows of a batch.
  for (const [length, same] of Map.groupBy(units.entries(), ([, { start, end }]) => end - start)) {
    const size = Math.max(1, Math.floor(batchTokens / Math.max(1, read.length - length)));
    for (let from = 0; from < same.length; from += size) {
      await pace(done, units.length, "reading without parts of the prompt");
      const batch = same.slice(from, from + size);
      for (const [row, logprobs] of nextOf(batch.map(([, unit]) => without(unit))).entries()) {
        const logprob = logprobs[token] as number;
        const [at] = batch[row] as [number, PromptUnit];
        found[at] = { logprob, change: logprob - (base[token] as number), divergence: divergence(base, logprobs) };
      }
      done += batch.length;
    }
  }
  return { base: { logprob: base[token] as number, logprobs: base }, units: found };
}
