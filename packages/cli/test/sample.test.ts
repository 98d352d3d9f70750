import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/sample/settings.ts";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway } = place;
const tiny = ["--model", "tiny.gguf", "--threads", "1", "--max-tokens", "6"];

beforeAll(() => writeFileSync(join(place.folder, "tiny.gguf"), tinyLlama({ seed: 3, endless: true })));
afterAll(place.remove);

const json = async (args: string[]) => JSON.parse((await cutaway([...args, "--json"])).stdout);

describe("settings", () => {
  it("are lists, combinations, searches; without any, the request as it is", () => {
    expect(readSettings().map(({ name }) => name)).toEqual(["as asked"]);
    expect(readSettings(["temperature=0.7,top_p=0.9"])).toEqual([
      { name: "temperature=0.7 top_p=0.9", changes: { parameters: { temperature: 0.7, topP: 0.9 }, local: {} } },
    ]);
    expect(readSettings([], ["temperature=0,1", "top_k=5,9"]).map(({ name }) => name)).toEqual([
      "temperature=0 top_k=5",
      "temperature=0 top_k=9",
      "temperature=1 top_k=5",
      "temperature=1 top_k=9",
    ]);
    expect(readSettings(["best_of=3,temperature=1"])).toMatchObject([{ bestOf: 3, changes: { parameters: { temperature: 1 } } }]);
  });

  it.each([
    [["beams=0"], []],
    [["beams=2,best_of=2"], []],
    [["length_penalty=2"], []],
    [["beams=2,early_stopping=perhaps"], []],
    [["warmth=1"], []],
    [[], ["temperature"]],
    [[], ["temperature=1,2,3,4,5,6,7,8,9", "top_k=1,2,3,4,5,6,7,8,9"]],
  ])("refuses %j %j", (lists, vary) => expect(() => readSettings(lists, vary)).toThrowError(expect.objectContaining({ name: "CutawayError" })));
});

describe("sample", () => {
  it("keeps what is done when it is interrupted, shows it, and ends with 130", async () => {
    writeFileSync(join(place.folder, "large.gguf"), tinyLlama({ seed: 3, layers: 6, trainedContext: 8192, endless: true }));
    const args = ["sample", "hello", "--model", "large.gguf", "--threads", "1", "--seed", "1", "--vary", "temperature=0.5,1"];
    const { child, ended } = place.start([...args, "--max-tokens", "7000"]);
    const isStored = async () => (await cutaway(["show", "latest"])).code === 0;
    while (!(await isStored()) || !(await isStored()));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("interrupted in setting 1 of 2, temperature=0.5: what is done is above, and kept");
    expect(stdout).toContain("temperature=0.5");
    expect(stdout).not.toContain("temperature=1");
    const { call } = JSON.parse((await cutaway(["show", "latest", "--json"])).stdout);
    expect(call).toMatchObject({ ending: "cancelled", request: { parameters: { temperature: 0.5 } } });
    expect(call.answers[0].steps.length).toBe(call.usage.outputTokens);
    expect(call.usage.outputTokens).toBeGreaterThan(0);
  });

  it("answers one prompt under each setting, a search and the best of several among them; all are stored but the search", async () => {
    const { samples, variety } = await json([
      "sample",
      "hello",
      ...tiny,
      "--seed",
      "5",
      "--vary",
      "temperature=0,1",
      "--with",
      "beams=2",
      "--with",
      "best_of=3,temperature=1",
    ]);
    const [beams, best, greedy, drawn] = samples;
    expect(samples.map(({ setting }: { setting: string }) => setting)).toEqual([
      "beams=2",
      "best_of=3 temperature=1",
      "temperature=0",
      "temperature=1",
    ]);
    expect(beams.call).toBeUndefined();
    expect(beams.perplexity).toBeLessThanOrEqual(greedy.perplexity + 1e-6);
    expect(best.others).toHaveLength(2);
    expect(variety.map(({ setting, answers }: { setting: string; answers: number }) => [setting, answers])).toContainEqual([
      "best_of=3 temperature=1",
      3,
    ]);
    for (const other of best.others) expect(other.score).toBeLessThanOrEqual(best.score);
    const stored = JSON.parse((await cutaway(["show", drawn.call, "--json"])).stdout).call;
    expect(stored.answers[0].text).toBe(drawn.text);
    expect(stored.local.sampler.seed).toBe(5);
  });

  it("holds a search to a language, as it holds draws", async () => {
    const { samples } = await json(["sample", "hello", ...tiny, "--regex", "[xy]{3}", "--with", "beams=3", "--with", "temperature=0"]);
    for (const { text, ending } of samples) expect([text, ending]).toEqual([expect.stringMatching(/^[xy]{3}$/), "stop"]);
    expect(samples[0].others.map(({ text }: { text: string }) => text)).toEqual([
      expect.stringMatching(/^[xy]{3}$/),
      expect.stringMatching(/^[xy]{3}$/),
    ]);
  });

  it("shows a step as a waterfall, in figures those of the record", async () => {
    const { stdout } = await cutaway(["sample", "hello", ...tiny, "--with", "temperature=0.5,top_k=3", "--seed", "2", "--step", "1"]);
    const step = JSON.parse((await cutaway(["show", "latest", "--json"])).stdout).call.answers[0].steps[1];
    for (const { stage, kept } of step.stages) expect(stdout).toMatch(new RegExp(`${stage} .*\\b${kept}\\b`));
    expect(stdout).toContain("taken out by top_k");
  });

  it("samples a stored call again without the model, and says where its record cannot tell", async () => {
    await cutaway(["generate", "hello", ...tiny, "--temperature", "1", "--top-k", "4", "--seed", "3"]);
    const recorded = await json(["sample", "--call", "latest"]);
    expect(recorded.settings[0].steps.map(({ verdict }: { verdict: string }) => verdict)).toEqual(Array(6).fill("same"));
    const { settings } = await json(["sample", "--call", "latest", "--with", "temperature=0,top_k="]);
    const [greedy] = settings;
    expect(greedy.open).toBe(0);
    const { answers } = JSON.parse((await cutaway(["show", "latest", "--json"])).stdout).call;
    for (const [i, { verdict }] of greedy.steps.entries()) expect(verdict).toBe(answers[0].steps[i].rank === 0 ? "same" : "other");
    const open = await cutaway(["sample", "--call", "latest", "--with", "top_k="]);
    expect(open.stdout.replace(/\s+/g, " ")).toContain("those that are stored can still be taken");
  });

  it.each([
    [["--call", "latest", "--temperature", "1"], "--temperature has no effect"],
    [["--call", "latest", "--with", "beams=2"], "a search needs the model"],
    [["--call", "latest", "--step", "99"], "--step"],
    [["hello", "--answer", "1"], "--answer has no effect"],
    [["--call", "latest", "--with", "repetition_penalty=1.2"], "cannot be worked out from stored alternatives"],
  ])("refuses %j", async (args, says) => {
    const { code, stderr } = await cutaway(["sample", ...args]);
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, " ")).toContain(says);
  });
});
