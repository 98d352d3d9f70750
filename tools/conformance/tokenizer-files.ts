/** Small whole files of every kind that is read, to be broken. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type GgufWritable, writeGguf } from "@cutaway/formats";
import { cache, packageFolder } from "./packages.ts";

export interface TokenizerFile {
  kind: string;
  /** What the file is called: some kinds are told by it. */
  name: string;
  bytes: Uint8Array;
  /** What a GGUF file is written from. */
  metadata?: readonly [string, GgufWritable][];
  /** Files that stand beside it. */
  beside?: { name: string; bytes: Uint8Array }[];
}

const root = join(import.meta.dirname, "..", "..");
const utf8 = new TextEncoder();

export function tokenizerFiles(python: string): TokenizerFile[] {
  const models = join(cache, "models");
  const model = (name: string): TokenizerFile => ({ kind: ".model", name: "tokenizer.model", bytes: whole(join(models, `${name}.model`)) });
  const json = (name: string): TokenizerFile => ({
    kind: "tokenizer.json",
    name: "tokenizer.json",
    bytes: whole(join(models, `${name}.json`)),
  });
  const golden = JSON.parse(readFileSync(join(root, "packages/tokenizer/test/fixtures/tokenizer-json.json"), "utf8"));
  const byteLevel = golden.variants.map(({ patch }: { patch: object }) => ({
    kind: "tokenizer.json",
    name: "tokenizer.json",
    bytes: utf8.encode(JSON.stringify({ ...golden.shell, model: golden.model, ...patch })),
  }));
  return [
    ...byteLevel,
    json("unigram-16k-t5"),
    json("wordpiece-12k-cased"),
    model("bpe-8k-bytes"),
    model("unigram-4k-suffix"),
    tekken(python),
    ranks(),
    {
      kind: "vocab.txt",
      name: "vocab.txt",
      bytes: utf8.encode(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ..."abcdefghij", "##a", "##bc", "ab"].join("\n")),
    },
    merges(golden.model),
    gguf("gpt2", [
      ["tokenizer.ggml.pre", "llama-bpe"],
      ["tokenizer.ggml.tokens", Object.keys(golden.model.vocab)],
      ["tokenizer.ggml.token_type", new Int32Array(Object.keys(golden.model.vocab).length).fill(1)],
      ["tokenizer.ggml.merges", golden.model.merges.map((merge: string | string[]) => (typeof merge === "string" ? merge : merge.join(" ")))],
    ]),
    gguf("llama", pieces(join(models, "bpe-8k-bytes.vocab"))),
    gguf("t5", pieces(join(models, "unigram-4k-suffix.vocab"))),
    gguf("bert", [
      ["tokenizer.ggml.tokens", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "▁a", "▁b", "c", "d", "▁abc"]],
      ["tokenizer.ggml.token_type", new Int32Array(10).fill(1)],
      ["tokenizer.ggml.unknown_token_id", 1],
    ]),
  ];
}

/** A copy of its own: slices of a Buffer share its memory. */
function whole(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

function tekken(python: string): TokenizerFile {
  const path = join(packageFolder("mistral", python), "mistral_common", "data", "tekken_240911.json");
  const file = JSON.parse(readFileSync(path, "utf8"));
  const config = { ...file.config, num_vocab_tokens: 2000, default_vocab_size: 3000 };
  return { kind: "tekken", name: "tekken.json", bytes: utf8.encode(JSON.stringify({ ...file, config, vocab: file.vocab.slice(0, 2000) })) };
}

function ranks(): TokenizerFile {
  const path = createRequire(join(root, "packages/tokenizer/package.json")).resolve("tiktoken/encoders/gpt2.json");
  const [, , ...tokens] = (JSON.parse(readFileSync(path, "utf8")).bpe_ranks as string).split(/[ \n]/);
  const lines = tokens.slice(0, 3000).map((token, rank) => `${token} ${rank}\n`);
  return { kind: "ranks", name: "r50k_base.tiktoken", bytes: utf8.encode(lines.join("")) };
}

function merges({ vocab, merges: pairs }: { vocab: object; merges: (string | string[])[] }): TokenizerFile {
  const lines = pairs.map((pair) => (typeof pair === "string" ? pair : pair.join(" ")));
  return {
    kind: "merges",
    name: "merges.txt",
    bytes: utf8.encode(`#version: 0.2\n${lines.join("\n")}\n`),
    beside: [{ name: "vocab.json", bytes: utf8.encode(JSON.stringify(vocab)) }],
  };
}

/** What `spm_train` writes beside a model: a piece and its score a line. */
function pieces(path: string): [string, GgufWritable][] {
  const lines = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t") as [string, string]);
  const types = lines.map(([piece]) => (piece === "<unk>" ? 2 : piece === "<s>" || piece === "</s>" ? 3 : /^<0x..>$/.test(piece) ? 6 : 1));
  return [
    ["tokenizer.ggml.tokens", lines.map(([piece]) => piece)],
    ["tokenizer.ggml.scores", Float32Array.from(lines, ([, score]) => Number(score))],
    ["tokenizer.ggml.token_type", Int32Array.from(types)],
    ["tokenizer.ggml.unknown_token_id", 0],
  ];
}

function gguf(model: string, entries: [string, GgufWritable][]): TokenizerFile {
  const metadata: [string, GgufWritable][] = [["tokenizer.ggml.model", model], ...entries];
  return { kind: `GGUF ${model}`, name: "model.gguf", bytes: writeGguf({ metadata, tensors: [] }), metadata };
}
