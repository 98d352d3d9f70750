import { best } from "./next-token.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { type Outcome, outcomeOf, type Question } from "./sweep.ts";

/** The target as it stands, nothing changed. */
export const baseOutcome = (model: OpenModel, reading: Reading, target: Question): Outcome =>
  outcomeOf(logitsAt(model, reading, target.position), target);

/** The token that the model holds likeliest next. */
export const likeliest = (model: OpenModel, reading: Reading): number => best(logitsAt(model, reading, reading.ids.length - 1));

/** [vocab] */
export function logitsAt(model: OpenModel, reading: Reading, position: number): Float32Array {
  const { outputs } = model.run({ key: "logits", plan: {}, asked: [position], outputs: (_, logits) => ({ logits }) }, reading);
  return (outputs.logits as { data: Float32Array }).data;
}
