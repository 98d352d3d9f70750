import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, openSafetensors } from "@cutaway/formats";
import { describe, expect, test } from "vitest";
import { attributeInput, attributeLogit } from "../src/inspect/attribution.ts";
import { logitLens } from "../src/inspect/lens.ts";
import { openModelInside } from "../src/inspect/open-model.ts";
import { routing } from "../src/inspect/routing.ts";
import { sweep } from "../src/inspect/sweep.ts";

const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const ids = [3, 17, 5, 41, 0, 22];
const source = [7, 8, 30, 2];
const decoders = ["gpt2", "llama", "llama3-tied", "mistral", "qwen2", "qwen3", "mixtral", "gemma3", "t5", "flan-t5"];

describe.each(decoders)("%s", (name) => {
  const model = openModelInside(`${folder}${name}`);
  const reading = model.architecture.kind === "encoder-decoder" ? { ids, source } : { ids };

  test("the lens ends with the model's own answer, and its ranks are those of its lists", () => {
    const rows = logitLens(model, reading, { positions: [2, 5], top: 3 });
    expect(rows[0]?.layer).toBe(-1);
    for (const cell of rows.at(-1)?.cells ?? []) expect(cell.answer).toMatchObject({ id: cell.top[0]?.id, rank: 0 });
    for (const { top, answer } of rows.flatMap(({ cells }) => cells)) {
      expect(top.map(({ logprob }) => logprob)).toEqual(top.map(({ logprob }) => logprob).toSorted((a, b) => b - a));
      const place = top.findIndex(({ id }) => id === answer.id);
      expect(answer.rank).toBe(place >= 0 ? place : Math.max(answer.rank, top.length));
    }
  });

  test("what the parts add to a logit adds up to it, and heads add up to their layer", () => {
    const { target, parts, rest } = attributeLogit(model, reading, { position: 5, token: 11 });
    const layers = parts.filter(({ heads }) => heads);
    expect(layers.length).toBeGreaterThan(0);
    // GPT-2's output bias is the layer's and no head's; its last norm has a bias too.
    if (name !== "gpt2") {
      expect(Math.abs(rest)).toBeLessThan(1e-3 * Math.max(1, Math.abs(target)));
      for (const { score, heads = [] } of layers) expect(heads.reduce((sum, head) => sum + head, 0)).toBeCloseTo(score, 3);
    } else {
      expect(Number.isFinite(rest)).toBe(true);
    }
  });

  test("an input's score is how the logit moves with its embedding", () => {
    const { scores, decoderScores } = attributeInput(model, reading, { position: 5, token: 11, against: 4 });
    expect(scores).toHaveLength(reading.source ? source.length : ids.length);
    if (reading.source) expect(decoderScores).toHaveLength(ids.length);
    expect(scores.some((score) => Math.abs(score) > 1e-6)).toBe(true);
  });
});

describe.each(decoders)("%s", (name) => {
  const model = openModelInside(`${folder}${name}`);
  const isPair = model.architecture.kind === "encoder-decoder";
  const reading = isPair ? { ids, source } : { ids };

  test("gradient × input is the slope of the logits' difference as an embedding grows, of any later token", async () => {
    for (const position of [3, 5]) {
      const target = { position, token: 11, against: 4 };
      const { scores, decoderScores } = attributeInput(model, reading, target);
      for (const [hook, found] of isPair
        ? ([
            ["encoder.hook_embed", scores],
            ["decoder.hook_embed", decoderScores ?? []],
          ] as const)
        : ([["hook_embed", scores]] as const)) {
        for (const [at, score] of found.entries()) {
          // A kink (ReLU, the choice of experts) may lie inside the larger step, rounding be felt in the smaller.
          const errors: number[] = [];
          for (const step of [2e-2, 5e-3]) {
            const rows = [1 + step, 1 - step].map((times) => [{ hook, positions: [at], times }]);
            const [above, below] = await sweep(model, reading, target, rows, { key: `slope ${hook}`, hooks: [hook], what: "" });
            const slope = ((above?.difference as number) - (below?.difference as number)) / (2 * step);
            errors.push(Math.abs(score - slope) / (1 + Math.abs(slope)));
          }
          expect(Math.min(...errors), `${hook} at ${at}`).toBeLessThan(1e-2);
        }
      }
    }
  });
});

test("a router's choices are those of transformers, its weights the softmax over them", () => {
  const golden = openSafetensors(bytesSource(readFileSync(`${folder}mixtral/golden.safetensors`)));
  const read = (name: string) => new Uint8Array(golden.read(golden.tensors.get(name) as never)).buffer;
  const goldenIds = Array.from(new BigInt64Array(read("ids")), Number);
  const layers = routing(openModelInside(`${folder}mixtral`), { ids: goldenIds });
  for (const { layer, experts, tokens, load } of layers) {
    const logits = new Float32Array(read(`router.${layer}`));
    for (const [token, chosen] of tokens.entries()) {
      const row = Array.from(logits.subarray(token * experts, (token + 1) * experts), (logit, expert) => ({ expert, logit }));
      const best = row.sort((a, b) => b.logit - a.logit).slice(0, 2);
      expect(chosen.map(({ expert }) => expert)).toEqual(best.map(({ expert }) => expert));
      const sum = best.reduce((total, { logit }) => total + Math.exp(logit), 0);
      for (const [at, { logit }] of best.entries()) expect(chosen[at]?.weight).toBeCloseTo(Math.exp(logit) / sum, 4);
    }
    expect(load.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  }
  expect(layers).toHaveLength(2);
});

test("a token after the target has no part in it", () => {
  const { scores } = attributeInput(openModelInside(`${folder}llama`), { ids }, { position: 3, token: 11 });
  expect(scores.slice(4)).toEqual([0, 0]);
  expect(scores[3]).not.toBe(0);
});

test("the target is the logit that transformers gives", () => {
  const golden = openSafetensors(bytesSource(readFileSync(`${folder}llama/golden.safetensors`)));
  const read = (name: string) => new Uint8Array(golden.read(golden.tensors.get(name) as never)).buffer;
  const goldenIds = Array.from(new BigInt64Array(read("ids")), Number);
  const logits = new Float32Array(read("logits"));
  const { target } = attributeLogit(openModelInside(`${folder}llama`), { ids: goldenIds }, { position: 9, token: 31 });
  expect(target).toBeCloseTo(logits[9 * 48 + 31] as number, 3);
});
