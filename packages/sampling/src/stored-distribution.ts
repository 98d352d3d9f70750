import type { TokenStep } from "@cutaway/core";
import { type SamplerParameters, settingOf } from "./parameters.ts";
import type { StageName } from "./stage.ts";

/** A distribution of which the most probable tokens are known, and of the others how much they weigh together. */
export interface Stored {
  /** Weights are unnormalised; 0: taken out. `index` is the place in the step's `top`. */
  tokens: { index: number; id: number | undefined; weight: number }[];
  /** The others: together at least and at most so much, and none of them more than `each`. */
  tail: { least: number; most: number; each: number };
  /** The recorded token's place in `top`; -1 where it is not among them. */
  chosen: number;
  vocabSize: number | undefined;
}

/** What a step recorded; nothing where it has no alternatives. */
export function storedOf(step: TokenStep, vocabSize: number | undefined): Stored | undefined {
  const { top, id } = step;
  if (!top || top.length === 0) return undefined;
  const tokens = top.map((alternative, index) => ({ index, id: alternative.id as number | undefined, weight: Math.exp(alternative.logprob) }));
  const chosen = top.findIndex(
    (alternative) => (id !== undefined && alternative.id === id) || (id === undefined && sameBytes(alternative.bytes, step.bytes)),
  );
  const known = tokens.reduce((sum, { weight }) => sum + weight, 0);
  const tail = vocabSize !== undefined && tokens.length >= vocabSize ? 0 : Math.max(0, step.tailMass ?? 1 - known);
  // The recorded token may have been added at the end, far below the others: then the list is complete only down to the one before it.
  const isAdded = tokens.length > 1 && chosen === tokens.length - 1 && step.rank !== chosen;
  const listed = isAdded ? tokens.slice(0, -1) : tokens;
  const each = Math.min(tail, ...listed.map(({ weight }) => weight));
  return { tokens, tail: { least: tail, most: tail, each }, chosen, vocabSize };
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export interface StoredStep {
  parameters: SamplerParameters;
  window: number | undefined;
  /** The answer so far. */
  history: readonly number[];
}

const fromStored: ReadonlySet<StageName> = new Set<StageName>([
  "logit_bias",
  "frequency_penalty",
  "presence_penalty",
  "temperature",
  "top_k",
  "top_p",
  "min_p",
  "epsilon_cutoff",
]);

/** Whether a stage works on probabilities alone: the others need logits as they are, or all of them. */
export const isFromStored = (name: StageName): boolean => fromStored.has(name);

/** Applies a stage. @returns what cannot be decided, in words; undefined where all went well */
export function applyToStored(name: StageName, stored: Stored, { parameters, window, history }: StoredStep): string | undefined {
  const { tokens, tail } = stored;
  const sum = tokens.reduce((total, { weight }) => total + weight, 0);
  const best = tokens.reduce((highest, { weight }) => Math.max(highest, weight), 0);
  switch (name) {
    case "logit_bias": {
      const biases = parameters.logitBias ?? {};
      return scaleSome(stored, new Map(Object.entries(biases).map(([id, bias]) => [Number(id), Math.exp(bias)])), "logit_bias");
    }
    case "frequency_penalty":
    case "presence_penalty": {
      const counts = new Map<number, number>();
      for (const id of window === undefined ? history : history.slice(-window)) counts.set(id, (counts.get(id) ?? 0) + 1);
      const penalty = settingOf(parameters, name === "frequency_penalty" ? "frequencyPenalty" : "presencePenalty");
      const scales = [...counts].map(([id, count]): [number, number] => [id, Math.exp(-penalty * (name === "frequency_penalty" ? count : 1))]);
      return scaleSome(stored, new Map(scales), name);
    }
    case "temperature":
      return heat(stored, settingOf(parameters, "temperature"));
    case "top_k": {
      const k = settingOf(parameters, "topK");
      const ranked = tokens
        .map(({ weight }) => weight)
        .filter((weight) => weight > 0)
        .sort((a, b) => b - a);
      const line = ranked[k - 1];
      if (line === undefined) return tail.most > 0 ? `top_k ${k} reaches beyond the ${ranked.length} tokens that are stored` : undefined;
      return k === 1 ? keepBest(stored) : cutAt(stored, line, "top_k");
    }
    case "top_p": {
      const p = settingOf(parameters, "topP");
      const ranked = tokens.toSorted((a, b) => b.weight - a.weight || (b.id ?? 0) - (a.id ?? 0));
      let mass = 0;
      for (const [i, { weight }] of ranked.entries()) {
        if (weight < tail.each) break;
        mass += weight;
        if (mass >= p * (sum + tail.most)) {
          if (tail.most > 0 && weight === tail.each) break;
          return keepOnly(stored, new Set(ranked.slice(0, i + 1)));
        }
        // Between the bounds of the tail the line may or may not have been passed.
        if (mass >= p * (sum + tail.least))
          return "top_p: how much the tokens weigh that are not stored is known too roughly to say where its line falls";
      }
      return `top_p ${p} reaches beyond the ${tokens.length} tokens that are stored: they have ${((100 * sum) / (sum + tail.least)).toPrecision(3)} % of the probability`;
    }
    case "min_p":
      return cutAt(stored, best * settingOf(parameters, "minP"), "min_p");
    case "epsilon_cutoff": {
      const epsilon = settingOf(parameters, "epsilonCutoff");
      if (tail.least !== tail.most) return "epsilon_cutoff: the sum of all probabilities is not known exactly after the stages before it";
      return cutAt(stored, Math.min(best, epsilon * (sum + tail.most)), "epsilon_cutoff");
    }
    default:
      return `${name} needs all logits`;
  }
}

function scaleSome(stored: Stored, scales: ReadonlyMap<number, number>, name: string): string | undefined {
  const { tokens, tail } = stored;
  const known = new Set<number>();
  for (const token of tokens) {
    if (token.id === undefined && scales.size > 0) return `${name}: the stored tokens have no ids`;
    const scale = token.id === undefined ? undefined : scales.get(token.id);
    if (token.id !== undefined) known.add(token.id);
    if (scale !== undefined) token.weight *= scale;
  }
  const hidden = [...scales].filter(([id]) => !known.has(id)).map(([, scale]) => scale);
  if (hidden.length > 0 && tail.most > 0) {
    // Any of them may be in the tail, with anything up to its heaviest.
    const rise = hidden.reduce((total, scale) => total + Math.max(0, scale - 1), 0);
    const fall = hidden.reduce((total, scale) => total + Math.max(0, 1 - scale), 0);
    tail.least = Math.max(0, tail.least - fall * tail.each);
    tail.most += rise * tail.each;
    tail.each *= Math.max(1, ...hidden);
  }
  return undefined;
}

/** Weights to the power of 1 / T. Of the tail only bounds are left: what it weighs depends on how many share it. */
function heat(stored: Stored, temperature: number): string | undefined {
  const { tokens, tail, vocabSize } = stored;
  if (temperature === 0) return keepBest(stored);
  const power = 1 / temperature;
  for (const token of tokens) token.weight = token.weight ** power;
  if (tail.most > 0) {
    const others = vocabSize === undefined ? Number.POSITIVE_INFINITY : Math.max(1, vocabSize - tokens.length);
    // As few tokens as can be, each as heavy as can be; or as many as there are, all alike.
    const few = (mass: number) => (mass / tail.each) * tail.each ** power;
    const many = (mass: number) => (power === 1 ? mass : others * (mass / others) ** power);
    if (power < 1 && others === Number.POSITIVE_INFINITY)
      return "temperature above 1: without the size of the vocabulary nothing bounds what the tokens weigh that are not stored";
    const [light, heavy] = power >= 1 ? [many, few] : [few, many];
    tail.least = others === Number.POSITIVE_INFINITY ? 0 : light(tail.least);
    tail.most = heavy(tail.most);
    tail.each = tail.each ** power;
  }
  return undefined;
}

/** Takes out what weighs less; the line may not lie among the tokens that are not stored. */
function cutAt(stored: Stored, line: number, name: string): string | undefined {
  const { tokens, tail } = stored;
  if (tail.most > 0 && tail.each > line) return `${name}: its line lies below tokens that are not stored`;
  if (tail.most > 0 && tail.each === line) return `${name}: tokens that are not stored may lie exactly on its line`;
  return keepOnly(stored, new Set(tokens.filter(({ weight }) => weight >= line)));
}

/** The most probable one; of equal ones the lowest id. */
function keepBest(stored: Stored): string | undefined {
  const best = stored.tokens.reduce((a, b) => (b.weight > a.weight || (b.weight === a.weight && (b.id ?? 0) < (a.id ?? 0)) ? b : a));
  if (best.weight < stored.tail.each) return "the most probable token may be one that is not stored";
  return keepOnly(stored, new Set([best]));
}

function keepOnly(stored: Stored, kept: ReadonlySet<Stored["tokens"][number]>): undefined {
  for (const token of stored.tokens) if (!kept.has(token)) token.weight = 0;
  stored.tail = { least: 0, most: 0, each: 0 };
}
