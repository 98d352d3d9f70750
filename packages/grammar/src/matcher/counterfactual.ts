import { CutawayError } from "@cutaway/core";
import type { Source } from "../expressions/index.ts";
import { steps as pointerSteps } from "../json-schema/pointer.ts";
import { distortionOf } from "./distortion.ts";
import type { Grammar } from "./grammar.ts";

/** One step of an answer that was written under a grammar: what was chosen, and the logits before the mask, [vocab]. */
export interface RecordedStep {
  id: number;
  logits: ArrayLike<number>;
}

export interface KeptAlong {
  /** Probability that the mask kept at each step, 0 to 1, as far as the grammar allows what was chosen. */
  kept: number[];
  /** Σ −ln kept, nats: −ln of the product, what the grammar did to the whole answer. */
  divergence: number;
  /** Index of the first step whose token the grammar does not allow; absent where it allows all. */
  breaksAt?: number;
}

/** What a grammar keeps of the model's probability along a recorded answer. Asked of the same answer with and without a keyword, it says what the keyword cost. */
export function keptAlong(grammar: Grammar, steps: Iterable<RecordedStep>): KeptAlong {
  const kept: number[] = [];
  let divergence = 0;
  let state = grammar.start();
  for (const { id, logits } of steps) {
    if (!state.allows(id)) return { kept, divergence, breaksAt: kept.length };
    const step = distortionOf(logits, state.mask(), 0);
    kept.push(step.kept);
    divergence += step.divergence;
    state = state.accept(id);
  }
  return { kept, divergence };
}

/** Labels of the grammar that the answer's tokens went through, each with the steps at which it took part: what could be dropped. */
export function sourcesAlong(grammar: Grammar, ids: Iterable<number>): { source: Source; steps: number[] }[] {
  const found = new Map<Source, number[]>();
  let state = grammar.start();
  let step = 0;
  for (const id of ids) {
    for (const source of state.expected().sources) {
      const steps = found.get(source);
      if (steps) steps.push(step);
      else found.set(source, [step]);
    }
    state = state.accept(id);
    step++;
  }
  return [...found].map(([source, steps]) => ({ source, steps }));
}

/**
 * A copy of a schema without one keyword. `pointer`: JSON pointer of the schema that holds it, "" for the whole.
 * @throws `no-such-keyword`
 */
export function withoutKeyword(schema: unknown, pointer: string, keyword: string): unknown {
  const copy = structuredClone(schema);
  let place: unknown = copy;
  for (const step of pointerSteps(pointer)) place = memberOf(place, step);
  if (!isObject(place) || !Object.hasOwn(place, keyword)) {
    throw new CutawayError("no-such-keyword", `The schema has no ${keyword} at ${pointer === "" ? "its root" : pointer}.`, {
      data: { pointer, keyword },
    });
  }
  delete place[keyword];
  return copy;
}

const memberOf = (place: unknown, name: string): unknown => (isObject(place) && Object.hasOwn(place, name) ? place[name] : undefined);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
