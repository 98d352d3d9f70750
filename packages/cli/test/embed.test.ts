import { afterAll, describe, expect, it } from "vitest";
import { modelFolder } from "../../runtime/test/model-folder.ts";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const encoder = modelFolder("bert", { around: { before: "[UNK]", after: "</s>" } });
const writer = modelFolder("gpt2");
afterAll(() => {
  place.remove();
  encoder.remove();
  writer.remove();
});
const embed = (args: string[], input?: string) =>
  place.cutaway(["embed", ...args, "--model", encoder.path, "--threads", "1"], input === undefined ? {} : { input });

describe("embed", () => {
  it("gives the vectors, and says how they came about", async () => {
    const { code, stdout, stderr } = await embed(["a b", "c", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ schema: "cutaway/embeddings", version: 1, size: 32, pooling: "mean", normalized: false, longest: 64 });
    expect(made.texts.map(({ text, vector }: { text: string; vector: number[] }) => [text, vector.length])).toEqual([
      ["a b", 32],
      ["c", 32],
    ]);
  });

  it("shows how near texts are to the first, nearest first; a line of standard input is a text", async () => {
    const { stdout } = await embed(["-"], "a b c\n\nv u t s\r\na b c\n");
    const rows = stdout.split("\n").slice(2, 4);
    expect(rows[0]).toMatch(/^1\.0000 {2}a b c$/);
    expect(rows[1]).toMatch(/^-?0\.\d{4} {2}v u t s$/);
    expect((await embed(["a"])).stdout).toMatch(/^32 numbers of length \d\.\d{4}: /);
  });

  it("refuses a model that writes, a model that is not here, and nothing", async () => {
    const refused = await place.cutaway(["embed", "a", "--model", writer.path]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("is a model that writes")]);
    expect((await place.cutaway(["embed", "a"])).stderr).toContain("cutaway models pull all-minilm-l6-v2");
    expect(await embed(["-"], "\n \n")).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no text") });
  });
});

describe("generate, with models in folders", () => {
  it("goes on from a text; an encoder is refused", async () => {
    const { code, stdout } = await place.cutaway([
      "generate",
      "a b c",
      "--raw",
      "--model",
      writer.path,
      "--temperature",
      "0",
      "--max-tokens",
      "3",
      "--json",
      "--no-store",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).call).toMatchObject({
      local: { engine: { network: "open" }, weights: { architecture: "gpt2" } },
      usage: { outputTokens: 3 },
    });
    const refused = await place.cutaway(["generate", "a", "--raw", "--model", encoder.path]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("is an encoder: it answers no calls")]);
  });

  it("gives an encoder–decoder's prompt to its encoder, without a template", async () => {
    const folder = modelFolder("t5", { around: { after: "</s>" }, config: { eos_token_id: 1 } });
    const { code, stdout, stderr } = await place.cutaway([
      "generate",
      "a b c",
      "--model",
      folder.path,
      "--temperature",
      "0",
      "--max-tokens",
      "3",
      "--json",
      "--no-store",
    ]);
    folder.remove();
    expect([code, stderr]).toEqual([0, ""]);
    const { call } = JSON.parse(stdout);
    expect(call.local).toMatchObject({ decoderStart: { id: 0, text: "[PAD]" }, template: { used: "none" } });
    expect(call.prompt.at(-1)).toMatchObject({ id: 1, special: true });
    expect(call.prompt).toHaveLength(4);
  });
});
