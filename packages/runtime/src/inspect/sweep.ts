import { logSoftmax } from "@cutaway/sampling";
import { adds, changesOf, type RowChange } from "./changes.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { type Pace, unhurried } from "./pace.ts";

/** What is measured after each change: the log probability of the target token, and its logit less that of `against`. */
export interface Outcome {
  logprob: number;
  /** Absent without `against`. */
  difference?: number;
}

export interface Question {
  position: number;
  token: number;
  against?: number;
}

/** Tokens in a batch: more are no faster, and take memory. */
const batchTokens = 512;

/** Reads a text again and again, each time with one set of changes; many at once, as rows of a batch. `hooks`: all that the changes touch. */
export async function sweep(
  model: OpenModel,
  reading: Reading,
  question: Question,
  rows: readonly (readonly RowChange[])[],
  { key, hooks, pace = unhurried, what }: { key: string; hooks: readonly string[]; pace?: Pace; what: string },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const size = Math.max(1, Math.min(64, Math.floor(batchTokens / (reading.ids.length + (reading.source?.length ?? 0)))));
  const isShifted = adds(rows);
  for (let from = 0; from < rows.length; from += size) {
    await pace(from, rows.length, what);
    const batch = rows.slice(from, from + size);
    const { plan, given } = changesOf(model, reading, hooks, batch, isShifted);
    const { outputs } = model.run(
      { key: `sweep ${key} ${isShifted}`, plan: { changes: plan }, asked: [question.position], outputs: (_, logits) => ({ logits }) },
      batch.map(() => reading),
      given,
    );
    const { vocabSize } = model.dimensions;
    const logits = (outputs.logits as { data: Float32Array }).data;
    for (let row = 0; row < batch.length; row++) outcomes.push(outcomeOf(logits.subarray(row * vocabSize, (row + 1) * vocabSize), question));
  }
  await pace(rows.length, rows.length, what);
  return outcomes;
}

export function outcomeOf(logits: Float32Array, { token, against }: Question): Outcome {
  const difference = against === undefined ? {} : { difference: (logits[token] as number) - (logits[against] as number) };
  return { logprob: logSoftmax(logits)[token] as number, ...difference };
}
