import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesFromJson, type JsonValue } from "@cutaway/core";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPlace, until } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway } = place;
/** A real network that answers at once, and one whose context has room for a long answer, which does not end by itself where it is greedy. */
const quick = ["--model", "tiny.gguf", "--threads", "1"];
const slow = ["--model", "large.gguf", "--threads", "1"];

beforeAll(() => {
  writeFileSync(join(place.folder, "tiny.gguf"), tinyLlama({ seed: 3 }));
  writeFileSync(join(place.folder, "large.gguf"), tinyLlama({ seed: 3, layers: 6, trainedContext: 8192, endless: true }));
});
afterAll(place.remove);

const latest = async () => JSON.parse((await cutaway(["show", "latest", "--json"])).stdout).call;
const generated = async (args: string[], input?: string) => {
  const { code, stdout, stderr } = await cutaway(["generate", ...args, ...quick, "--json", "--no-store"], input === undefined ? {} : { input });
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout).call;
};
const promptOf = (call: { prompt: { bytes: JsonValue; segment: string }[] }, segment: string) =>
  Buffer.concat(call.prompt.filter((token) => token.segment === segment).map(({ bytes }) => bytesFromJson(bytes))).toString();

describe("generate", () => {
  it("writes the answer, says how it went, and keeps the call with every step", async () => {
    const { code, stdout, stderr } = await cutaway(["generate", "hello", ...quick, "--max-tokens", "12", "--seed", "5", "--temperature", "0.8"]);
    expect(code).toBe(0);
    const call = await latest();
    const [answer] = call.answers;
    expect(stdout.trimEnd()).toBe(answer.text.trimEnd());
    expect(answer.steps).toHaveLength(12);
    expect(answer.steps[0]).toMatchObject({ stages: [{ stage: "temperature", setting: 0.8 }] });
    expect(answer.steps[0].top.length).toBeGreaterThanOrEqual(10);
    expect(call).toMatchObject({ origin: { kind: "local" }, model: { provider: "local", asked: "tiny.gguf" }, ending: "complete" });
    expect(stderr).toMatch(/tiny\.gguf · \d+ tokens in( at [\d,.]+\/s)? · 12 out( at [\d,.]+\/s)? · output-cap \("length"\) · seed 5\n/);
    expect(stderr).toMatch(/^✗ cut\.output-cap {2}The answer stops after 12 tokens/m);
    expect(stderr).toContain(`$ npx cutaway explain ${call.id}\n`);
    expect((await cutaway(["explain", call.id])).stdout).toContain("cut.output-cap · certain");
  });

  it("gives the same again for the same seed, and nothing but the answer with --quiet", async () => {
    const args = ["generate", "hello", ...quick, "--max-tokens", "20", "--seed", "9", "--no-store", "--quiet"];
    const [first, second, other] = [await cutaway(args), await cutaway(args), await cutaway(args.with(args.indexOf("9"), "10"))];
    expect(first).toEqual({ code: 0, stdout: second.stdout, stderr: "" });
    expect(other.stdout).not.toBe(first.stdout);
  });

  it("prints the explanation of the call as JSON, as explain does", async () => {
    const { stdout } = await cutaway(["generate", "hello", ...quick, "--max-tokens", "3", "--temperature", "0", "--top-logprobs", "2", "--json"]);
    const explanation = JSON.parse(stdout);
    expect(explanation).toMatchObject({ schema: "cutaway/explanation", version: 1, call: { local: { sampler: { greedy: true } } } });
    for (const { top } of explanation.call.answers[0].steps) expect(top).toHaveLength(2);
    const explained = JSON.parse((await cutaway(["explain", explanation.call.id, "--json"])).stdout);
    expect(explained.explanations[0].call.answers).toEqual(explanation.call.answers);
  });

  it("takes the prompt as an argument, from a file, and from standard input; the last line break is not part of it", async () => {
    writeFileSync(join(place.folder, "prompt.txt"), "the end\n");
    const cap = ["--max-tokens", "1", "--temperature", "0"];
    expect(promptOf(await generated(["the end", ...cap]), "user")).toBe("the end");
    expect(promptOf(await generated(["-", ...cap], "the end\r\n"), "user")).toBe("the end");
    expect(promptOf(await generated(cap, "the\nend\n\n"), "user")).toBe("the\nend\n");
    const file = await cutaway(["generate", "prompt.txt", ...quick, ...cap]);
    expect(file.stderr).toContain("the prompt is the file prompt.txt");
    expect(promptOf(await latest(), "user")).toBe("the end");
  });

  it("passes on what only a local model can be told", async () => {
    writeFileSync(join(place.folder, "chat.jinja"), "{% for message in messages %}[{{ message.content }}]{% endfor %}");
    const cap = ["--max-tokens", "4", "--temperature", "0"];
    const templated = await generated(["hi", "--system", "be brief", "--template", "chat.jinja", ...cap]);
    expect([promptOf(templated, "system"), promptOf(templated, "user"), templated.local.template.used]).toEqual(["be brief", "hi", "request"]);
    const raw = await generated(["hi<|im_end|>", "--raw", "--bos", "always", "--parse-special", ...cap]);
    expect(raw.prompt.map(({ special }: { special?: true }) => special === true)).toEqual([true, false, false, true]);
    const begun = await generated(["hi", "--prefill", "Well, ", ...cap]);
    expect(begun.answers[0].text.startsWith("Well, ")).toBe(true);
    const cut = await generated(["long ".repeat(100), "--context-size", "64", "--overflow", "truncate-start", ...cap]);
    expect(cut.local).toMatchObject({ contextSize: 64, dropped: { at: "start" } });
    const ordered = await generated(["hi", "--top-k", "5", "--temperature", "2", "--sampler-order", "top_k, temperature", "--max-tokens", "2"]);
    expect(ordered.local.sampler.order).toEqual(["top_k", "temperature"]);
    const stopped = await generated(["hi", "--stop", "no such text", "--stop", begun.answers[0].text.slice(6, 8), ...cap]);
    expect(stopped.request.parameters.stop).toHaveLength(2);
  });

  it.each([
    [["hello", "--temperature", "0", "--top-p", "0.9", "--seed", "1"], /top_p, seed have no effect/],
    [["hello", "--temperature", "warm"], /--temperature: "warm" will not do/],
    [["hello", "--top-p", "1.5"], /top_p is 1\.5/],
    [["hello", "--sampler-order", "temperature,temperature", "--temperature", "0.5"], /temperature stands in it twice/],
    [["hello", "--repetition-window", "5"], /there is no such penalty/],
    [["hello", "--raw", "--template", "prompt.txt"], /--raw uses no template/],
    [["hello", "--max-tokens", "0"], /--max-tokens/],
    [["hello", "--overflow", "cut"], /--overflow/],
    [["hello", "--template", "none.jinja"], /none\.jinja: no such file/],
    [[""], /the prompt is empty/],
    [["hello", "--context-size", "4"], /--context-size/],
  ])("refuses %j before anything is made", async (args, says) => {
    const before = (await cutaway(["list", "--json"])).stdout;
    const { code, stdout, stderr } = await cutaway(["generate", ...args, ...quick]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
    expect((await cutaway(["list", "--json"])).stdout).toBe(before);
  });

  it("names the way to a model that is not here, and what is wrong with a file", async () => {
    const env = { CUTAWAY_MODELS: join(place.folder, "no-models") };
    const missing = await cutaway(["generate", "hello"], { env });
    expect([missing.code, missing.stdout, missing.stderr]).toEqual([2, "", expect.stringContaining("npx cutaway models pull smollm2-135m-instruct")]);
    writeFileSync(join(place.folder, "bytes.bin"), Buffer.of(0xff, 0xfe, 0x00));
    const notText = await cutaway(["generate", "bytes.bin", ...quick]);
    expect([notText.code, notText.stderr]).toEqual([2, expect.stringContaining("bytes.bin is not UTF-8")]);
    const notModel = await cutaway(["generate", "hello", "--model", "./bytes.bin"]);
    expect([notModel.code, notModel.stderr]).toEqual([2, expect.stringContaining("no GGUF file")]);
  });

  it("keeps a call whose prompt does not fit, says so, and ends with 2", async () => {
    const { code, stdout, stderr } = await cutaway(["generate", "long ".repeat(100), ...quick, "--context-size", "64"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("nothing was generated");
    expect(await latest()).toMatchObject({ error: { kind: "context-length" }, answers: [] });
  });

  it("keeps what is done when it is interrupted, and ends with 130", async () => {
    const { child, output, ended } = place.start(["generate", "hello", ...slow, "--temperature", "0", "--max-tokens", "8000"]);
    await until(() => output.stdout.length > 20);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("interrupted: the answer so far is kept");
    const call = await latest();
    expect(call.ending).toBe("cancelled");
    expect(stdout.trimEnd()).toBe(call.answers[0].text.trimEnd());
    expect(call.answers[0].steps.length).toBe(call.usage.outputTokens);
  });

  it("leaves a call in flight in the store when it is killed, and the store whole", async () => {
    const { child, output, ended } = place.start(["generate", "goodbye", ...slow, "--temperature", "0", "--max-tokens", "8000"]);
    await until(() => output.stdout.length > 20);
    child.kill("SIGKILL");
    await ended;
    expect(await latest()).toMatchObject({ ending: "open", request: { messages: [{ parts: [{ text: "goodbye" }] }] } });
  });
});

describe("replay of a local call", () => {
  it("runs it again with the model that made it, with a change, and shows the difference", async () => {
    await cutaway(["generate", "hello", ...quick, "--max-tokens", "6", "--seed", "2"]);
    const original = await latest();
    const same = JSON.parse((await cutaway(["replay", original.id, "--json"])).stdout);
    expect(same.runs[0].diff).toMatchObject({ answers: [], request: [] });
    const { code, stdout, stderr } = await cutaway(["replay", original.id, "--set", "max_tokens=9", "--set", "context_size=128"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("parameters.maxOutputTokens  6 → 9");
    expect(await latest()).toMatchObject({ parent: original.id, origin: { kind: "local" }, local: { contextSize: 128 }, usage: { outputTokens: 9 } });
  });

  it("refuses what the sampler refuses, and what a model on this machine has no use for", async () => {
    const greedy = await cutaway(["replay", "latest", "--set", "temperature=0"]);
    expect([greedy.code, greedy.stderr]).toEqual([2, expect.stringContaining("seed has no effect")]);
    for (const option of [
      ["--base-url", "http://127.0.0.1:9"],
      ["--max-cost", "1"],
    ]) {
      const refused = await cutaway(["replay", "latest", ...option]);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`${option[0]} has no effect`)]);
    }
  });

  it("says what would be run with --dry-run, and takes another model", async () => {
    const plan = JSON.parse((await cutaway(["replay", "latest", "--repeat", "3", "--dry-run", "--json"])).stdout);
    expect(plan).toMatchObject({ calls: 3, model: "tiny.gguf", baseUrl: null, costAtMost: 0 });
    const other = await cutaway(["replay", "latest", "--model", "./large.gguf"]);
    expect(other.code).toBe(0);
    expect(await latest()).toMatchObject({ model: { asked: "./large.gguf" } });
  });
});
