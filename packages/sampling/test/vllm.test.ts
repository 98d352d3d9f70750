import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSampler, processLogits, type SamplerParameters } from "../src/index.ts";

type Scores = (number | null)[];
interface Golden {
  inputs: Record<string, { logits: Scores; prompt: number[]; answer: number[] }>;
  cases: { input: string; parameters: SamplerParameters; allowed?: number[]; after?: Scores; drawn?: number }[];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/vllm.json", import.meta.url), "utf8")) as Golden;

const named = golden.cases.map((item) => ({
  ...item,
  name: `${item.input}${item.allowed ? ", half of it allowed" : ""}: ${JSON.stringify(item.parameters)}`,
}));

test.each(named)("$name", ({ input, parameters, allowed, after, drawn }) => {
  const { logits: given, prompt, answer } = golden.inputs[input] as Golden["inputs"][string];
  const logits = Float32Array.from(given, (logit) => logit ?? -Infinity);
  const history = [...prompt, ...answer];
  const step = { answerStart: prompt.length, ...(allowed && { mask: maskOf(allowed) }) };
  const options = { preset: "vllm", grammar: allowed !== undefined };
  if (drawn !== undefined) {
    expect(createSampler(parameters, options).choose(logits, history, () => 0.5, 0, step).id).toBe(drawn);
    return;
  }
  const ours = processLogits(logits, history, parameters, options, step);
  const theirs = (after as Scores).map((score) => score ?? -Infinity);
  expect(keptIds(ours)).toEqual(keptIds(theirs));
  // It multiplies by 1 / penalty where we divide: a unit in the last place, once more for every stage after.
  for (const id of keptIds(theirs)) {
    const theirScore = theirs[id] as number;
    expect(Math.abs((ours[id] as number) - theirScore)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(theirScore)));
  }
});

const keptIds = (scores: ArrayLike<number>) => Array.from(scores, (score, id) => (score > -Infinity ? id : -1)).filter((id) => id >= 0);

function maskOf(ids: number[]): Uint32Array {
  const mask = new Uint32Array((Math.max(...ids) >>> 5) + 1);
  for (const id of ids) mask[id >>> 5] = (mask[id >>> 5] as number) | (1 << (id & 31));
  return mask;
}
