import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway } = place;
const tiny = ["--model", "tiny.gguf", "--threads", "1"];

beforeAll(() => writeFileSync(join(place.folder, "tiny.gguf"), tinyLlama({ seed: 3 })));
afterAll(place.remove);

const json = async (args: string[]) => {
  const { code, stdout, stderr } = await cutaway([...args, ...tiny, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

describe("inspect", () => {
  it("gives verdicts with their figures, in words without placeholders", async () => {
    const { code, stdout } = await cutaway(["inspect", "hello there world", "--raw", ...tiny]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^token {5}/);
    for (const name of ["relied on", "end", "sink", "layers"]) expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    expect(stdout).not.toMatch(/\{[a-z\d]+\}|NaN|undefined/);
    const report = await json(["inspect", "hello there world", "--raw"]);
    expect(report.verdicts.map(({ about }: { about: string }) => about)).toEqual(["relied-on", "tail", "sink", "lens"]);
    expect(report.parts.length).toBe(report.tokens.length - 1);
  });

  it("explains a token of a stored call: the one that was drawn there, after those before it", async () => {
    await cutaway(["generate", "hello", ...tiny, "--max-tokens", "4", "--seed", "5", "--temperature", "0.8"]);
    const { call } = JSON.parse((await cutaway(["show", "latest", "--json"])).stdout);
    const steps = call.answers[0].steps;
    const report = await json(["inspect", "latest", "--token", "2"]);
    expect(report.target.id).toBe(steps[2].id);
    expect(report.target.logprob).toBeCloseTo(steps[2].logprob, 2);
    expect(report.tokens).toHaveLength(call.prompt.length + 2);
    expect(await cutaway(["inspect", "latest", "--token", "9"])).toMatchObject({ code: 2, stderr: expect.stringContaining("0 to 3") });
  });

  it.each(["attention", "lens", "attribution", "ablate"])("draws %s within 80 columns and without colour", async (view) => {
    const { code, stdout } = await cutaway(["inspect", view, "hello there", "--raw", ...tiny], { env: { COLUMNS: "80" } });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/\u001b|NaN|undefined|\$\{?[a-z]+\(/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("patches, and refuses prompts that do not line up, layers that are not there, options without effect", async () => {
    const found = await json(["inspect", "patch", "abc", "--corrupted", "abd", "--raw"]);
    expect(found.cells).toHaveLength(2 * found.tokens.length);
    const refused = async (args: string[], code: string) =>
      expect(await cutaway(["inspect", ...args, ...tiny])).toMatchObject({ code: 2, stderr: expect.stringContaining(code) });
    await refused(["patch", "abc", "--corrupted", "abcdefg", "--raw", "--token", "x", "--against", "y"], "tokens long");
    await refused(["attention", "abc", "--layers", "7"], "there is no layer 7");
    await refused(["attention", "abc", "--heads", "1"], "--heads needs --layers");
  });
});
