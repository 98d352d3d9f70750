import { encodeUtf8, type TokenStep } from "@cutaway/core";
import { expect, test } from "vitest";
import { distortionOf } from "../src/index.ts";

const step = (kept: number, more: Partial<TokenStep> = {}): TokenStep => ({
  bytes: encodeUtf8("x"),
  stages: [{ stage: "grammar", kept: 1, removedMass: 1 - kept, entropyBefore: 2, entropyAfter: 1, kl: -Math.log(kept) }],
  ...more,
});
const token = (text: string, p: number, removedBy?: string) => ({
  bytes: encodeUtf8(text),
  logprob: Math.log(p),
  ...(removedBy && { removedBy }),
});

test("an answer under no mask has no distortion", () => {
  expect(distortionOf([])).toBeUndefined();
  expect(
    distortionOf([
      { bytes: encodeUtf8("x"), forced: "prefill" },
      { bytes: encodeUtf8("y"), stages: [] },
    ]),
  ).toBeUndefined();
});

test("mass kept multiplies, steps are counted by how much of it was lost", () => {
  const found = distortionOf([step(0.9), step(0.4), step(0.05, { forced: "grammar" })]);
  expect(Math.exp(found?.logMass ?? 0)).toBeCloseTo(0.9 * 0.4 * 0.05, 12);
  expect(found).toMatchObject({ belowHalf: 2, belowTenth: 1, forced: 1, chosen: 2, unasked: 0, entropyBefore: 2, entropyAfter: 1 });
  expect(found?.steps.map(({ kept }) => kept?.toFixed(2))).toEqual(["0.90", "0.40", "0.05"]);
});

test("the model is overruled where its most probable token was masked, not where another one was", () => {
  const overruled = step(0.3, { top: [token("a", 0.7, "grammar"), token("b", 0.2)] });
  const agreed = step(0.9, { top: [token("a", 0.7), token("b", 0.2, "grammar"), token("c", 0.1, "top_k")] });
  const found = distortionOf([overruled, agreed]);
  expect(found?.overruled).toBe(1);
  expect(found?.steps.map(({ masked }) => masked.length)).toEqual([1, 1]);
});

test("where tokens were written without asking, the product is unknown, and the prefill is not counted", () => {
  const found = distortionOf([{ bytes: encodeUtf8("{"), forced: "prefill" }, { bytes: encodeUtf8('"a":'), forced: "grammar" }, step(0.5)]);
  expect(found).toMatchObject({ unasked: 1, forced: 0, chosen: 1 });
  expect(found).not.toHaveProperty("logMass");
  expect(found?.steps.map(({ index }) => index)).toEqual([1, 2]);
});
