import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPlace, until } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway } = place;
const tiny = ["--model", "tiny.gguf", "--threads", "1"];
const schema = {
  type: "object",
  properties: { city: { enum: ["Oslo", "Rome"] }, age: { type: "integer", minimum: 0, maximum: 99 } },
  required: ["city", "age"],
  additionalProperties: false,
};

beforeAll(() => {
  writeFileSync(join(place.folder, "tiny.gguf"), tinyLlama({ seed: 3, endless: true }));
  writeFileSync(join(place.folder, "large.gguf"), tinyLlama({ seed: 3, layers: 6, trainedContext: 8192, endless: true }));
  writeFileSync(join(place.folder, "city.json"), JSON.stringify(schema));
  writeFileSync(join(place.folder, "yes.gbnf"), 'root ::= "yes" | "no"');
});
afterAll(place.remove);

const json = async (args: string[], input?: string) => JSON.parse((await cutaway([...args, "--json"], input === undefined ? {} : { input })).stdout);

describe("generate", () => {
  it("holds the answer to a schema, a pattern, a grammar or a choice, and says so", async () => {
    const schemed = await cutaway(["generate", "hello", ...tiny, "--schema", "city.json", "--temperature", "0", "--no-store"]);
    expect(["Oslo", "Rome"]).toContain(JSON.parse(schemed.stdout).city);
    expect(schemed.stderr.replace(/\s+/g, " ")).toContain("held to a JSON schema · whole · mass kept");
    const texts = await Promise.all(
      [
        ["--regex", "[xy]{2}"],
        ["--grammar", "yes.gbnf"],
        ["--choice", "left", "--choice", "right"],
      ].map(async (language) => (await cutaway(["generate", "hello", ...tiny, ...language, "--temperature", "0", "--no-store"])).stdout.trim()),
    );
    expect(texts[0]).toMatch(/^[xy]{2}$/);
    expect(texts[1]).toMatch(/^(yes|no)$/);
    expect(texts[2]).toMatch(/^(left|right)$/);
  });

  it("reads a schema from standard input beside a prompt, and refuses both from there", async () => {
    const read = await cutaway(["generate", "hello", ...tiny, "--schema", "-", "--temperature", "0", "--no-store"], { input: '{"const":7}' });
    expect(JSON.parse(read.stdout)).toBe(7);
    const both = await cutaway(["generate", "-", "--schema", "-"], { input: "{}" });
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("standard input would be the prompt and the schema")]);
  });

  it.each([
    [["--schema", "missing.json"], "missing.json"],
    [["--schema", "yes.gbnf"], "is not JSON"],
    [["--grammar", "tiny.gguf"], "does not say what it is written in"],
    [["--grammar-syntax", "gbnf"], "says nothing without --grammar"],
    [["--json-object", "--schema", "city.json"], "says nothing beside --schema"],
    [["--whitespace", "none"], "held to no language"],
    [["--regex", "a", "--check-after"], "checkAfter"],
    [["--regex", "("], "pattern"],
  ])("refuses %j before anything is generated", async (args, says) => {
    const { code, stdout, stderr } = await cutaway(["generate", "hello", ...tiny, ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.replace(/\s+/g, " ")).toContain(says);
  });
});

describe("constrain", () => {
  it("says what of a schema the mask holds, keyword by keyword", async () => {
    const report = await json(["constrain", "--schema", "city.json"]);
    expect(report).toMatchObject({ schema: "cutaway/constraint", version: 1, kind: "json-schema", exact: true, checkedAfter: [], notices: [] });
    expect(report.keywords).toContainEqual({ keyword: "enum", times: 1, checkedAfter: 0, isAnnotation: false });
  });

  it("checks a text: 0 where it is of the language, 100 with the place where it is not", async () => {
    const good = await cutaway(["constrain", "--schema", "city.json", "--text", '{"age":7,"city":"Oslo"}']);
    expect(good.code).toBe(0);
    expect(good.stdout).toContain("an order or spacing that the mask would not have written");
    const bad = await cutaway(["constrain", "--schema", "city.json", "--text", "-", "--json"], { input: '{"city":"Paris","age":7}' });
    expect(bad.code).toBe(100);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      good: false,
      violations: [{ at: "/city", keyword: "enum", pointer: "/properties/city" }],
      byTheMask: { is: "broken", at: 9 },
    });
    const cut = await cutaway(["constrain", "--grammar", "yes.gbnf", "--text", "ye"]);
    expect([cut.code, cut.stdout]).toEqual([100, expect.stringContaining("ends too early: “s” has to come")]);
  });

  it("says why a token cannot come, or which part takes it", async () => {
    const masked = await json(["constrain", "--schema", "city.json", "--text", '{"', "--explain", " age"]);
    expect(masked).toMatchObject({ schema: "cutaway/masked-token", tokenizer: "o200k_base", allowed: false, deadByte: 0, expected: "“c”" });
    expect(masked.places).toContainEqual({ pointer: "/properties/city" });
    const allowed = await json(["constrain", "--schema", "city.json", "--text", '{"', "--explain", "city"]);
    expect(allowed.allowed).toBe(true);
    const several = await cutaway(["constrain", "--schema", "city.json", "--explain", "two words"]);
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining("is 2 tokens of o200k_base")]);
  });

  it("says how a provider is asked for it, and exits with 100 where it would refuse", async () => {
    const taken = await json(["constrain", "--schema", "city.json", "--for", "vllm"]);
    expect(taken).toMatchObject({ schema: "cutaway/structured-output", target: "vllm", accepted: true });
    writeFileSync(join(place.folder, "open.json"), JSON.stringify({ ...schema, additionalProperties: true }));
    const refused = await cutaway(["constrain", "--schema", "open.json", "--for", "openai-chat"]);
    expect([refused.code, refused.stdout]).toEqual([100, expect.stringContaining("refuses it")]);
  });

  it("answers a prompt and reports on it, and reports the same of the stored call", async () => {
    const { code, stdout } = await cutaway(["constrain", "hello", ...tiny, "--schema", "city.json", "--whitespace", "none", "--temperature", "0"]);
    expect(code).toBe(0);
    const [answer = "", ...report] = stdout.split("\n");
    expect(JSON.parse(answer)).toMatchObject({ age: expect.any(Number) });
    const shown = await cutaway(["constrain", "--call", "latest"]);
    expect(shown.stdout).toBe(report.join("\n"));
    const found = await json(["constrain", "--call", "latest", "--step", "2"]);
    expect(found).toMatchObject({ schema: "cutaway/held-answer", text: answer, held: { complete: true }, constraint: { kind: "json-schema" } });
    expect(found.distortion.logMass).toBeCloseTo(found.held.logMass, 9);
    expect(found.step.stages[0].stage).toBe("grammar");
    expect((await cutaway(["constrain", "--call", "latest", "--step", "2"])).stdout).toContain("token 2 ");
  });

  it("keeps what is done when it is interrupted, reports on it, and ends with 130", async () => {
    const args = ["constrain", "hello", "--model", "large.gguf", "--threads", "1", "--regex", "[a-z ]{6000}", "--max-tokens", "7000"];
    const { child, output, ended } = place.start([...args, "--temperature", "0"]);
    await until(() => output.stdout.length > 20);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("interrupted: the answer so far is kept");
    const { call } = JSON.parse((await cutaway(["show", "latest", "--json"])).stdout);
    const [{ text, steps }] = call.answers;
    expect(call.ending).toBe("cancelled");
    expect(text).toMatch(/^[a-z ]+$/);
    expect(steps.length).toBe(call.usage.outputTokens);
    const [answer = "", ...report] = stdout.split("\n");
    expect(answer.trimEnd()).toBe(text.trimEnd());
    expect(report.join("\n")).toContain("tokens");
  });

  it("says what comes back without one keyword, by reading the answer again", async () => {
    await cutaway(["generate", "hello", ...tiny, "--schema", "city.json", "--whitespace", "none", "--temperature", "0"]);
    const held = await json(["constrain", "--call", "latest"]);
    const found = await json(["constrain", "--call", "latest", "--without", "/properties/city enum", "--threads", "1"]);
    expect(found).toMatchObject({ schema: "cutaway/counterfactual", pointer: "/properties/city", keyword: "enum" });
    expect(found.logMass).toBeCloseTo(held.held.logMass, 6);
    expect(found.logMassWithout).toBeGreaterThan(found.logMass);
    for (const { kept, keptWithout } of found.steps) expect(keptWithout).toBeGreaterThanOrEqual(kept - 1e-12);
    const shown = await cutaway(["constrain", "--call", "latest", "--without", "/properties/city enum"]);
    expect(shown.stdout).toContain("come back");
  });

  it.each([
    [["--schema", "city.json", "--for", "vllm", "--text", "x"], "--text has no effect"],
    [["--schema", "city.json", "--for", "nobody"], "--for"],
    [["--call", "latest", "--without", "enum"], "a place of the schema and a keyword are asked for"],
    [["--call", "latest", "--without", "/properties/city pattern"], "no pattern at /properties/city"],
    [["--schema", "city.json", "--without", "/ required"], "--without has no effect"],
    [[], "there is nothing to hold an answer to"],
    [["--schema", "city.json", "--temperature", "1"], "--temperature has no effect"],
    [["--schema", "city.json", "--step", "1"], "--step has no effect"],
    [["--schema", "city.json", "--tokenizer", "gpt2"], "--tokenizer has no effect"],
    [["--call", "latest", "--schema", "city.json"], "--schema has no effect"],
    [["hello", "--schema", "city.json", "--text", "x"], "--text has no effect"],
    [["--call", "latest", "--step", "999"], "--step"],
  ])("refuses %j", async (args, says) => {
    const { code, stderr } = await cutaway(["constrain", ...args]);
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, " ")).toContain(says);
  });
});
