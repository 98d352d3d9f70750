import { afterAll, describe, expect, it } from "vitest";
import { modelFolder } from "../../runtime/test/model-folder.ts";
import { emptyPlace } from "./run-cutaway.ts";

/** The views of `inspect` on tiny networks of every family: what is drawn fits the family, and says the same as the data. */
const place = emptyPlace();
const folders = new Map<string, ReturnType<typeof modelFolder>>();
const folderOf = (name: string) => {
  const found = folders.get(name) ?? modelFolder(name, name === "bert" ? { around: { before: "[UNK]", after: "</s>" } } : {});
  folders.set(name, found);
  return found.path;
};
afterAll(() => {
  place.remove();
  for (const folder of folders.values()) folder.remove();
});

const run = (args: string[]) => place.cutaway(["inspect", ...args], { env: { COLUMNS: "80" } });
const shown = async (args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).not.toMatch(/\u001b|NaN|undefined|Infinity/);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  return stdout;
};
const json = async (args: string[]) => JSON.parse(await (await run([...args, "--json"])).stdout);
const refused = async (args: string[], says: string) => expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
const read = (name: string, ...args: string[]) => [...args, "--model", folderOf(name), "--threads", "1"];

describe("positions", () => {
  it("learned rows (GPT-2): how alike rows are, by distance", async () => {
    const text = await shown(["positions", folderOf("gpt2")]);
    expect(text).toMatch(/^Learned · one row a position, 64 of them/);
    expect(text).toMatch(/^ +32 +0\.014$/m);
    expect(text).toContain("Sees all tokens before · layers 0–1");
    const { kind, scheme } = await json(["positions", folderOf("gpt2")]);
    expect([kind, scheme.kind, scheme.similarity.map(({ distance }: { distance: number }) => distance)]).toEqual([
      "decoder",
      "learned",
      [1, 2, 4, 8, 16, 32],
    ]);
  });

  it("rotary angles with a window (Mistral): speeds fall evenly from one radian", async () => {
    const text = await shown(["positions", folderOf("mistral")]);
    expect(text).toMatch(/^ +1 +0\.100 +63 +57° +213° +330°$/m);
    expect(text).toContain("Sees the last 5 tokens · layers 0–1");
    const { scheme } = await json(["positions", folderOf("mistral")]);
    const speeds = scheme.turns[0].pairs.map(({ speed }: { speed: number }) => speed);
    expect(speeds).toEqual([1, 1e-1, 1e-2, 1e-3].map((speed) => expect.closeTo(speed, 12)));
  });

  it("two kinds of layers (Gemma 3): each turns by its own base, and only one has the window", async () => {
    const text = await shown(["positions", folderOf("gemma3")]);
    expect(text.match(/^Rotary · .*$/gm)).toEqual([expect.stringContaining("layer 1:"), expect.stringContaining("layers 0, 2:")]);
    expect(text).toContain("Sees the last 5 tokens · layers 0, 2\nSees all tokens before · layer 1");
  });

  it("buckets of distance (T5): without end on the far side, both ways in the encoder", async () => {
    const text = await shown(["positions", folderOf("t5")]);
    expect(text).toMatch(/^all before +-5 /m);
    expect(text).toMatch(/^ +5 +all after /m);
    expect(text).toMatch(/^all before +-8 /m);
    expect(text).toContain("Sees all tokens, before and after · encoder\nSees all tokens before · decoder, layers 0–1");
    const { scheme } = await json(["positions", folderOf("t5")]);
    const ranges = scheme.encoder.buckets.map(({ from, to }: { from?: number; to?: number }) => [from, to]);
    expect(ranges).toEqual([
      [undefined, -5],
      [-4, -2],
      [-1, -1],
      [0, 0],
      [1, 1],
      [2, 4],
      [5, undefined],
    ]);
    expect(scheme.decoder.buckets.every(({ bias }: { bias: number[] }) => bias.length === 4)).toBe(true);
  });

  it("an encoder sees both ways", async () => {
    expect(await shown(["positions", folderOf("bert")])).toMatch(/\nSees all tokens, before and after\n$/);
  });
});

describe("attention of an encoder and of a decoder to it", () => {
  it("T5's encoder: asked from the source's last token, and nothing is hidden from those before", async () => {
    const text = await shown(["attention", ...read("t5", "a b c", "--kind", "encoder")]);
    expect(text).toMatch(/^Where the last token, “c”, looks/);
    const pattern = await shown(["attention", ...read("t5", "a b c", "--kind", "encoder", "--layers", "0", "--heads", "1")]);
    expect(pattern.match(/^ +[abc] \S+$/gm)?.map((row) => row.trim().slice(2).length)).toEqual([6, 6, 6]);
    const { patterns, source } = await json(["attention", ...read("t5", "a b c", "--kind", "encoder", "--layers", "0", "--heads", "1")]);
    expect(patterns).toHaveLength(1);
    expect(patterns[0]).toMatchObject({ layer: 0, head: 1, queries: 3, keys: 3 });
    for (let row = 0; row < 3; row++) expect(sum(patterns[0].data.slice(row * 3, row * 3 + 3))).toBeCloseTo(1, 5);
    expect(source.map(({ text }: { text: string }) => text)).toEqual(["a", "b", "c"]);
  });

  it("T5's decoder to the encoder: one row for the start, a column for each token of the source", async () => {
    const text = await shown(["attention", ...read("t5", "a b c", "--kind", "cross")]);
    expect(text).toMatch(/^Where the last token, “\[PAD\]”, looks[\s\S]*\n +0 a [\s\S]*\n +1 b [\s\S]*\n +2 c /);
    const { patterns, last } = await json(["attention", ...read("t5", "a b c", "--kind", "cross", "--layers", "1")]);
    expect(patterns.map(({ queries, keys }: { queries: number; keys: number }) => [queries, keys])).toEqual(new Array(4).fill([1, 3]));
    expect(sum(last)).toBeCloseTo(1, 5);
  });

  it("BERT: the text with what the tokenizer puts around it, without a template, both ways", async () => {
    const { tokens } = await json(["attention", ...read("bert", "a b")]);
    expect(tokens.map(({ text }: { text: string }) => text)).toEqual(["[UNK]", "a", "b", "</s>"]);
    const pattern = await shown(["attention", ...read("bert", "a b", "--layers", "0", "--heads", "0")]);
    expect(pattern.match(/^ *(?:a|b|\[UNK\]|<\/s>) \S+$/gm)?.map((row) => row.trim().split(" ")[1]?.length)).toEqual([8, 8, 8, 8]);
    await refused(["attention", ...read("bert", "a b", "--system", "c")], "is an encoder and reads one text");
    await refused(["attention", ...read("gpt2", "a b", "--raw", "--kind", "cross")], "no cross attention");
  });
});

describe("norms", () => {
  it("are the lengths of the stream at the first token, the last, and what the layer adds", async () => {
    const { layers, tokens } = await json(["norms", ...read("llama", "a b c d", "--raw")]);
    expect(layers).toHaveLength(2);
    for (const layer of layers) for (const part of ["stream", "attention", "mlp"]) expect(layer[part]).toHaveLength(tokens.length);
    const text = await shown(["norms", ...read("llama", "a b c d", "--raw")]);
    const [, first, , last] = /^ +1 +(\S+) +(\S+) +(\S+)/m.exec(text) ?? [];
    expect([Number(first), Number(last)]).toEqual([layers[1].stream[0], layers[1].stream[3]].map((value) => expect.closeTo(value, 1)));
    expect(text).toMatch(/^first token at most \d/m);
  });

  it("of one token there is nothing to compare; a side only of an encoder–decoder", async () => {
    expect(await shown(["norms", ...read("t5", "a b c")])).toContain("there is no other to compare it with");
    expect((await json(["norms", ...read("t5", "a b c", "--side", "encoder")])).tokens).toHaveLength(3);
    await refused(["norms", ...read("llama", "a", "--raw", "--side", "encoder")], "no encoder–decoder");
    await refused(["norms", ...read("llama", "a", "--raw", "--token", "b")], "--token has no effect");
  });
});

describe("routing", () => {
  it("of a mixture: two experts a token, their weights together 1, and the load they make", async () => {
    const { layers, tokens } = await json(["routing", ...read("mixtral", "a b c d e", "--raw")]);
    expect(layers.map(({ layer, experts }: { layer: number; experts: number }) => [layer, experts])).toEqual([
      [0, 4],
      [1, 4],
    ]);
    for (const layer of layers) {
      expect(layer.tokens).toHaveLength(tokens.length);
      for (const routes of layer.tokens) {
        expect(routes).toHaveLength(2);
        expect(sum(routes.map(({ weight }: { weight: number }) => weight))).toBeCloseTo(1, 5);
      }
      expect(sum(layer.load)).toBeCloseTo(1, 5);
    }
    const text = await shown(["routing", ...read("mixtral", "a b c d e", "--raw")]);
    const [heaviest] = layers
      .flatMap(({ layer, load }: { layer: number; load: number[] }) => load.map((share, expert) => ({ layer, expert, share })))
      .sort((a: { share: number }, b: { share: number }) => b.share - a.share);
    expect(text).toContain(`layer ${heaviest.layer}, expert ${heaviest.expert}: ${Math.round(heaviest.share * 100)} %`);
    expect(text).toMatch(/^Where the last token, “e”, went/m);
  });

  it("token by token of the layers that are named; refused where there are no experts, or no such layer", async () => {
    const text = await shown(["routing", ...read("mixtral", "a b c", "--raw", "--layers", "1")]);
    expect(text).toMatch(/^Layer 1 [\s\S]*\n0 +a +\d \d+ %, \d \d+ %\n1 +b [\s\S]*\n2 +c /);
    expect(text).not.toContain("Layer 0");
    await refused(["routing", ...read("mixtral", "a", "--raw", "--layers", "2")], "there is no layer 2");
    await refused(["routing", ...read("llama", "a", "--raw")], "no experts");
  });
});

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
