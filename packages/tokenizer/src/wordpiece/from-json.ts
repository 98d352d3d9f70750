import type { TokenId, Tokenizer } from "@cutaway/core";
import { maxTokenId } from "../bpe/vocabulary.ts";
import type { Fields } from "../json/fields.ts";
import { stepsOf } from "../json/model-family.ts";
import { readAddedTokens } from "../json/read-added-tokens.ts";
import { readNormalizer } from "../json/read-normalizer.ts";
import { readPostProcessor } from "../json/read-post-processor.ts";
import { readSplitStep } from "../json/read-pre-tokenizer.ts";
import type { BertRules } from "./bert-text.ts";
import type { PieceDecoder } from "./decode-pieces.ts";
import { readBertRules } from "./read-bert-rules.ts";
import type { WordPieceVocabulary } from "./wordpiece-model.ts";
import { WordPieceTokenizer } from "./wordpiece-tokenizer.ts";

/** A tokenizer.json whose model is WordPiece: with BERT's normaliser and pre-tokenizer, or any other. */
export function wordPieceFromJson(file: Fields, name: string): Tokenizer {
  const model = file.object("model");
  const normalizer = file.has("normalizer") ? file.object("normalizer") : undefined;
  const steps = file.has("pre_tokenizer") ? stepsOf(file.object("pre_tokenizer")) : [];
  const bert = steps.length === 1 && steps[0]?.string("type") === "BertPreTokenizer" ? bertRulesOf(normalizer) : undefined;
  return new WordPieceTokenizer({
    name,
    vocabulary: readVocabulary(model),
    normalize: normalizer ? readNormalizer(normalizer) : [],
    split: steps.map(readSplitStep),
    ...(bert && { bert }),
    decoder: readDecoder(file),
    addedAround: readPostProcessor(file),
    prefixSpace: false,
    ...readAddedTokens(file, model.object("vocab")),
  });
}

/** Undefined where the normaliser is not BERT's. */
function bertRulesOf(normalizer: Fields | undefined): BertRules | undefined {
  if (!normalizer) return unchanged;
  return normalizer.string("type") === "BertNormalizer" ? readBertRules(normalizer) : undefined;
}

const unchanged: BertRules = { cleanText: false, handleChineseChars: false, stripAccents: false, lowercase: false };

function readVocabulary(model: Fields): WordPieceVocabulary {
  const vocab = model.object("vocab");
  const pieces: (string | undefined)[] = [];
  let tokens = 0;
  for (const piece in vocab.json) {
    const id = vocab.integer(piece, maxTokenId);
    if (pieces[id] !== undefined)
      throw vocab.bad(`${vocab.path} gives the id ${id} to two tokens, one of them ${JSON.stringify(piece.slice(0, 60))}`);
    pieces[id] = piece;
    tokens++;
  }
  if (tokens === 0) throw vocab.bad(`${vocab.path} is empty`);
  if (pieces.length > 2 * tokens + 100_000) throw vocab.bad(`${vocab.path} has ${tokens} tokens, yet ids up to ${pieces.length - 1}`);
  const unknown = model.has("unk_token") ? model.string("unk_token") : "[UNK]";
  const unknownId = vocab.get(unknown);
  if (typeof unknownId !== "number") throw model.bad(`${model.at("unk_token")} ${JSON.stringify(unknown.slice(0, 60))} is not in the vocabulary`);
  return {
    pieces: Array.from(pieces),
    unknownId: unknownId as TokenId,
    prefix: model.has("continuing_subword_prefix") ? model.string("continuing_subword_prefix") : "##",
    maxCharacters: model.has("max_input_chars_per_word") ? model.integer("max_input_chars_per_word", 2 ** 31 - 1) : 100,
  };
}

function readDecoder(file: Fields): PieceDecoder {
  if (!file.has("decoder")) return { prefix: undefined, cleanup: false };
  const decoder = file.object("decoder");
  const type = decoder.string("type");
  if (type !== "WordPiece") throw decoder.unsupported(`the decoder ${type} with WordPiece`);
  return { prefix: decoder.has("prefix") ? decoder.string("prefix") : "##", cleanup: decoder.boolean("cleanup", true) };
}
