import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { CutawayError, isJsonObject, type JsonObject, type JsonValue, type Tokenizer } from "@cutaway/core";
import { fromGpt2Files, fromSentencePieceModel, fromTokenizerJson, fromWordPieceVocabulary } from "@cutaway/tokenizer";
import { badModel } from "../engine/unsupported-model.ts";
import { readJsonFileIfThere } from "../weights/read-json.ts";

/** Bytes; the largest published tokenizer.json has 33 million. */
const longest = 128 * 1024 * 1024;

/**
 * The tokenizer that lies in a folder beside its weights: tokenizer.json, else a SentencePiece model, else the files of older models.
 * @throws `no-tokenizer`, and what the tokenizer's own reader refuses
 */
export function folderTokenizer(folder: string): Tokenizer {
  const read = (file: string): Uint8Array | undefined => {
    const stats = statSync(join(folder, file), { throwIfNoEntry: false });
    if (!stats?.isFile()) return undefined;
    if (stats.size > longest) throw badModel(`${file} has ${stats.size} bytes; ${longest} are believed`, { file, bytes: stats.size });
    return readFileSync(join(folder, file));
  };
  const text = (file: string) => {
    const bytes = read(file);
    return bytes && new TextDecoder().decode(bytes);
  };
  const json = read("tokenizer.json");
  if (json) return fromTokenizerJson(json, "tokenizer.json");
  for (const file of ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"]) {
    const model = read(file);
    if (model) return fromSentencePieceModel(model, file);
  }
  const merges = text("merges.txt");
  const vocab = readJsonFileIfThere(join(folder, "vocab.json"));
  if (merges !== undefined && vocab) return fromGpt2Files({ name: "vocab.json", vocab, merges });
  const pieces = text("vocab.txt");
  if (pieces !== undefined) {
    const lowercase = readJsonFileIfThere(join(folder, "tokenizer_config.json"))?.do_lower_case;
    return fromWordPieceVocabulary({
      name: "vocab.txt",
      pieces: pieces.replace(/\r?\n$/, "").split(/\r?\n/),
      ...(typeof lowercase === "boolean" && { lowercase }),
    });
  }
  throw new CutawayError("no-tokenizer", `${folder} holds no tokenizer beside its weights`, {
    fix: "Put tokenizer.json there, or tokenizer.model, or vocab.json with merges.txt, or vocab.txt.",
    data: { folder },
  });
}

/** What the files beside the weights say of special tokens and the chat template. */
export interface FolderFiles {
  name: string;
  config: JsonObject;
  tokenizerConfig: JsonObject;
  generationConfig: JsonObject;
  specialTokens: JsonObject;
  /** The model's own chat template. */
  template?: string;
}

export function readFolderFiles(folder: string, config: JsonObject): FolderFiles {
  const json = (file: string) => readJsonFileIfThere(join(folder, file)) ?? {};
  const tokenizerConfig = json("tokenizer_config.json");
  const template = templateFile(folder) ?? templateIn(tokenizerConfig.chat_template);
  return {
    name: basename(folder),
    config,
    tokenizerConfig,
    generationConfig: json("generation_config.json"),
    specialTokens: json("special_tokens_map.json"),
    ...(template !== undefined && { template }),
  };
}

function templateFile(folder: string): string | undefined {
  const path = join(folder, "chat_template.jinja");
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() && stats.size <= longest ? readFileSync(path, "utf8") : undefined;
}

/** One template, or a list of them by name, of which the one called `default` is meant. */
function templateIn(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  const found = Array.isArray(value) ? value.find((one) => isJsonObject(one) && one.name === "default") : undefined;
  return isJsonObject(found) && typeof found.template === "string" ? found.template : undefined;
}
