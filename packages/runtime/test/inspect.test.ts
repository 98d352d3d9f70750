import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, openSafetensors } from "@cutaway/formats";
import { describe, expect, test } from "vitest";
import { attributeInput, attributeLogit } from "../src/inspect/attribution.ts";
import { logitLens } from "../src/inspect/lens.ts";
import { openModelInside } from "../src/inspect/open-model.ts";

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
