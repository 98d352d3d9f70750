import { type StageReport, seededRandom, type TokenId, type TokenStep } from "@cutaway/core";

/** A setting of one sampler stage, in the order in which stages run. */
export type Stage = ["repetition_penalty", number] | ["temperature", number] | ["top_k", number] | ["top_p", number] | ["min_p", number];

const utf8 = new TextEncoder();

/**
 * A token as a local model draws it, over a small vocabulary: the chosen text and its rivals have the probabilities given, the rest of the
 * mass falls off over `rest` other tokens. Every figure of the step follows from that distribution and the stages.
 */
export function drawnStep(
  { text, p, others = [] }: { text: string; p: number; others?: [text: string, p: number][] },
  {
    stages,
    at,
    depth = 8,
    rest = 120,
    seed = 1,
    penalised = [],
  }: { stages: readonly Stage[]; at: number; depth?: number; rest?: number; seed?: number; penalised?: readonly string[] },
): TokenStep {
  const random = seededRandom(seed);
  const rivals = others.filter(([other]) => other !== text);
  const named = [[text, p] as const, ...rivals];
  const left = Math.max(1e-9, 1 - named.reduce((sum, [, share]) => sum + share, 0));
  const falling = Array.from({ length: rest }, (_, i) => 1 / (i + 1.5) ** 1.3 + random() * 1e-4);
  const all = falling.reduce((sum, share) => sum + share, 0);
  const entries = [
    ...named.map(([word, share]) => ({ text: word, before: share })),
    ...falling.map((share, i) => ({ text: ` ${syllables[i % 12]}${syllables[(i * 5 + 3) % 12]}`, before: (share / all) * left })),
  ]
    .map((entry, i, list) => (list.findIndex((other) => other.text === entry.text) === i ? entry : { ...entry, text: `${entry.text}${i}` }))
    .sort((a, b) => b.before - a.before);
  const total = entries.reduce((sum, { before }) => sum + before, 0);
  const model = entries.map((entry) => ({ ...entry, before: entry.before / total }));
  const { probabilities, reports, removedBy } = sampled(model, stages, penalised);
  const chosen = model.findIndex((entry) => entry.text === text);
  const top = model.slice(0, depth).map((entry, i) => ({
    id: idOf(entry.text),
    bytes: utf8.encode(entry.text),
    logprob: Math.log(entry.before),
    ...((probabilities[i] as number) > 0 && { sampledLogprob: Math.log(probabilities[i] as number) }),
    ...(removedBy[i] !== undefined && { removedBy: removedBy[i] }),
  }));
  return {
    id: idOf(text),
    bytes: utf8.encode(text),
    at,
    logprob: Math.log(model[chosen]?.before ?? 1e-9),
    sampledLogprob: Math.log(Math.max(1e-12, probabilities[chosen] ?? 0)),
    rank: chosen,
    entropy: entropyOf(model.map(({ before }) => before)),
    tailMass: model.slice(depth).reduce((sum, { before }) => sum + before, 0),
    top,
    stages: reports,
  };
}

const syllables = "ra ne ti lo ku men sa vi or da el pu".split(" ");
const ids = new Map<string, TokenId>();

/** The same text has the same id in every call, as in a vocabulary. */
export function idOf(text: string): TokenId {
  const id = ids.get(text) ?? ((100 + ids.size) as TokenId);
  ids.set(text, id);
  return id;
}

function sampled(model: readonly { text: string; before: number }[], stages: readonly Stage[], penalised: readonly string[]) {
  let now = model.map(({ before }) => before);
  const removedBy: (string | undefined)[] = [];
  const reports: StageReport[] = [];
  for (const [stage, setting] of stages) {
    const before = now;
    const cut = normal(changed(before, stage, setting, (i) => penalised.includes(model[i]?.text ?? "")));
    before.forEach((share, i) => {
      if (share > 0 && cut[i] === 0) removedBy[i] = stage;
    });
    reports.push({
      stage,
      setting,
      kept: cut.filter((share) => share > 0).length,
      removedMass: before.reduce((sum, share, i) => sum + (cut[i] === 0 ? share : 0), 0),
      entropyBefore: entropyOf(before),
      entropyAfter: entropyOf(cut),
      kl: cut.reduce((sum, share, i) => sum + (share > 0 ? share * Math.log(share / (before[i] as number)) : 0), 0),
    });
    now = cut;
  }
  return { probabilities: now, reports, removedBy };
}

function changed(shares: readonly number[], stage: Stage[0], setting: number, isPenalised: (i: number) => boolean): number[] {
  const order = shares.map((_, i) => i).sort((a, b) => (shares[b] as number) - (shares[a] as number));
  const keepFirst = (count: number) => {
    const kept = new Set(order.slice(0, count));
    return shares.map((share, i) => (kept.has(i) ? share : 0));
  };
  switch (stage) {
    case "repetition_penalty":
      return shares.map((share, i) => (isPenalised(i) && share > 0 ? Math.exp(Math.log(share) * setting) : share));
    case "temperature":
      return shares.map((share) => (share > 0 ? share ** (1 / setting) : 0));
    case "top_k":
      return keepFirst(setting);
    case "min_p": {
      const least = (shares[order[0] as number] as number) * setting;
      return shares.map((share) => (share >= least ? share : 0));
    }
    case "top_p": {
      let sum = 0;
      let count = 0;
      while (count < order.length && sum < setting) sum += shares[order[count++] as number] as number;
      return keepFirst(count);
    }
  }
}

const normal = (shares: readonly number[]): number[] => {
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
};

const entropyOf = (shares: readonly number[]): number => shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
