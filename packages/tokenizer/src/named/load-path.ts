import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CutawayError, isJsonObject, type Tokenizer } from "@cutaway/core";
import { type ByteSource, openGguf } from "@cutaway/formats";
import { fileKind } from "../file-kind.ts";
import { fromGpt2Files } from "../from-gpt2-files.ts";
import { fromTekken } from "../from-tekken.ts";
import { fromTiktokenRanks } from "../from-tiktoken-ranks.ts";
import { fromTokenizerJson } from "../from-tokenizer-json.ts";
import { fromGguf } from "../gguf/from-gguf.ts";
import { readTiktokenJson } from "../known/read-tiktoken-json.ts";
import { cataloguedTokenizer } from "../known/tokenizer-catalog.ts";
import { fromSentencePieceModel } from "../sentencepiece/from-model-file.ts";
import { fromWordPieceVocabulary } from "../wordpiece/from-vocabulary.ts";
import { unknown, unreadable } from "./errors.ts";
import { pathInPackage } from "./packages.ts";
import { parsed, readWhole, strings } from "./read-file.ts";

/** In the order in which a folder's files are looked for. */
const filesOfFolders = [
  "tokenizer.json",
  "tekken.json",
  "tokenizer.model",
  "spiece.model",
  "sentencepiece.bpe.model",
  "vocab.txt",
  "merges.txt",
  "vocab.bpe",
];

/** A tokenizer from a file, whose content tells what it is, or from the first such file in a folder. */
export function loadPath(path: string, like: string | undefined): Tokenizer {
  if (path === "" || !existsSync(path)) throw unknown(path, "is not the name of a known tokenizer, and there is no such file");
  const stat = statSync(path);
  if (stat.isFile()) return loadFile(path, like);
  if (!stat.isDirectory()) throw unknown(path, "is neither a file nor a folder");
  const file = filesOfFolders.map((name) => join(path, name)).find((candidate) => existsSync(candidate));
  if (!file) throw unknown(path, `is a folder without a tokenizer in it (${filesOfFolders.join(", ")})`);
  return loadFile(file, like);
}

function loadFile(path: string, like: string | undefined): Tokenizer {
  const source = fileSource(path);
  if (fileKind(source.read(0, Math.min(4, source.size))) === "gguf") return fromGguf(openGguf(source).metadata, path);
  const file = readWhole(path);
  const kind = fileKind(file);
  if (like !== undefined && kind !== "tiktoken") {
    throw new CutawayError("usage", `${path} is no file of ranks, and \`like\` is for these`, { fix: "Leave `like` out.", data: { path } });
  }
  switch (kind) {
    case "json":
      return fromJson(file, path);
    case "json-list":
      return fromWordPieceVocabulary({ name: path, pieces: strings(parsed(file, path), path) });
    case "vocab-list":
      return fromWordPieceVocabulary({
        name: path,
        pieces: new TextDecoder()
          .decode(file)
          .replace(/\r?\n$/, "")
          .split(/\r?\n/),
      });
    case "sentencepiece":
      return fromSentencePieceModel(file, path);
    case "tiktoken":
      return fromRanks(file, path, like ?? basename(path, ".tiktoken"));
    case "merges":
      return fromPair(beside(path, ["vocab.json", "encoder.json"]), path, path);
    default:
      throw unknown(path, "is no tokenizer file of a kind that is read");
  }
}

function fromJson(file: Uint8Array, path: string): Tokenizer {
  const json = parsed(file, path);
  // In GPT-2's vocabulary `model` is a token.
  if (isJsonObject(json) && !isJsonObject(json.model)) {
    if (isJsonObject(json.config)) return fromTekken(json, path);
    if (typeof json.bpe_ranks === "string") return fromTiktokenRanks(readTiktokenJson(file, path));
    if (Object.values(json).every((id) => typeof id === "number") && Object.keys(json).length > 0)
      return fromPair(path, beside(path, ["merges.txt", "vocab.bpe"]), path);
  }
  return fromTokenizerJson(json, path);
}

const fromPair = (vocab: string, merges: string, name: string): Tokenizer =>
  fromGpt2Files({ name, vocab: parsed(readWhole(vocab), vocab), merges: readWhole(merges).toString("utf8") });

function beside(path: string, names: readonly string[]): string {
  const found = names.map((name) => join(dirname(path), name)).find((candidate) => existsSync(candidate));
  if (found) return found;
  throw unknown(path, `is one of a pair of files, and there is no ${names.join(" or ")} beside it`);
}

function fromRanks(file: Uint8Array, path: string, like: string): Tokenizer {
  const entry = cataloguedTokenizer(like);
  const source = entry?.form === "tiktoken-json" && entry.source ? pathInPackage(entry.source) : undefined;
  if (source) return fromTiktokenRanks({ ...readTiktokenJson(readWhole(source), like), name: path, ranks: file });
  throw new CutawayError("unknown-pattern", `${path} holds ranks, and not the pattern that goes with them`, {
    fix: "Give it the name of its encoding (o200k_base.tiktoken), pass that name as `like`, or use fromTiktokenRanks with the pattern.",
    data: { path },
  });
}

function fileSource(path: string): ByteSource {
  return {
    size: statSync(path).size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      const handle = opened(path);
      try {
        return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
      } finally {
        closeSync(handle);
      }
    },
  };
}

function opened(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
