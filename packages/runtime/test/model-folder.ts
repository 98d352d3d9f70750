import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@cutaway/core";

export const architectures = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));

/** 48 WordPiece tokens: three special ones, then letters as they begin words and as they go on. */
const letters = [..."abcdefghijklmnopqrstuv"];
export const tokens = ["[PAD]", "</s>", "[UNK]", ...letters, ...letters.map((letter) => `##${letter}`), "w"];

export function tokenizerJson({ around }: { around?: { before?: string; after?: string } } = {}): JsonObject {
  const special = (id: number) => ({
    id,
    content: tokens[id] as string,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  const part = (content: string | undefined) => (content === undefined ? [] : [{ SpecialToken: { id: content, type_id: 0 } }]);
  const used = [around?.before, around?.after].filter((text) => text !== undefined);
  return {
    version: "1.0",
    added_tokens: [0, 1, 2].map(special),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: around
      ? {
          type: "TemplateProcessing",
          single: [...part(around.before), { Sequence: { id: "A", type_id: 0 } }, ...part(around.after)],
          pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
          special_tokens: Object.fromEntries(used.map((text) => [text, { id: text, ids: [tokens.indexOf(text)], tokens: [text] }])),
        }
      : null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

export interface FolderOptions {
  /** Fields of config.json that are changed; undefined ones are taken out. */
  config?: Record<string, unknown>;
  around?: { before?: string; after?: string };
  /** Further files, or others in place of these; undefined ones are left out. */
  files?: Record<string, string | Uint8Array | undefined>;
}

/** A folder as the hub has it, with the weights of one of the tiny networks and a tokenizer that fits them. */
export function modelFolder(architecture: string, { config = {}, around, files = {} }: FolderOptions = {}): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `cutaway-${architecture}-`));
  const from = join(architectures, architecture);
  const own = JSON.parse(readFileSync(join(from, "config.json"), "utf8")) as JsonObject;
  copyFileSync(join(from, "model.safetensors"), join(path, "model.safetensors"));
  writeFileSync(join(path, "config.json"), JSON.stringify({ ...own, eos_token_id: undefined, ...config }));
  writeFileSync(join(path, "tokenizer.json"), JSON.stringify(tokenizerJson(around ? { around } : {})));
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(path, name));
    else {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
    }
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
