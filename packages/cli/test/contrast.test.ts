import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asksContrast } from "../src/local/contrast.ts";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
beforeAll(() => writeFileSync(join(place.folder, "tiny.gguf"), tinyLlama({ seed: 3, endless: true })));
afterAll(place.remove);
const generate = (...more: string[]) =>
  place.cutaway(["generate", "in the", "--raw", "--model", "tiny.gguf", "--threads", "1", "--max-tokens", "5", ...more]);

test("a contrastive search takes of its candidates the one that is probable and unlike what stands there; it is not stored", async () => {
  const { code, stdout, stderr } = await generate("--contrastive-alpha", "0.7", "--contrastive-k", "3", "--json");
  expect([code, stderr]).toEqual([0, ""]);
  const { steps, text, ...head } = JSON.parse(stdout);
  expect(head).toEqual({ schema: "cutaway/contrastive", version: 1, model: "tiny.gguf", alpha: 0.7, k: 3, promptTokens: 2, ending: "output-cap" });
  expect(steps).toHaveLength(5);
  for (const { id, score, candidates } of steps) {
    expect(candidates).toHaveLength(3);
    expect(score).toBe(Math.max(...candidates.map((one: { score: number }) => one.score)));
    expect(candidates.map((one: { id: number }) => one.id)).toContain(id);
    for (const one of candidates) expect(one.score).toBeCloseTo(0.3 * one.probability - 0.7 * one.degeneration, 10);
  }
  expect(JSON.parse((await place.cutaway(["list", "--json"])).stdout).calls).toEqual([]);
  const shown = await generate("--contrastive-alpha", "0.7", "--contrastive-k", "3");
  expect(shown).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(text),
    stderr: expect.stringContaining("alpha 0.7, 3 candidates · 5 tokens"),
  });
});

test.each<[string, Parameters<typeof asksContrast>[0]]>([
  ["option-without-effect", { contrastiveK: 4, store: true }],
  ["option-without-effect", { contrastiveAlpha: 0.6, topP: 0.9, store: true }],
  ["option-without-effect", { contrastiveAlpha: 0.6, regex: "a", store: true }],
  ["option-without-effect", { contrastiveAlpha: 0.6, store: false }],
  ["invalid-parameter", { contrastiveAlpha: 0, store: true }],
  ["invalid-parameter", { contrastiveAlpha: 1.5, store: true }],
])("%s: %j", (code, options) => {
  expect(() => asksContrast(options)).toThrow(expect.objectContaining({ code }));
});

test("what would have no effect beside a search names it", () => {
  expect(asksContrast({ store: true, temperature: 0.5 })).toBe(false);
  expect(asksContrast({ store: true, contrastiveAlpha: 0.6, maxTokens: 5, raw: true })).toBe(true);
});
