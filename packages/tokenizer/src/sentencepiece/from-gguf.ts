import { CutawayError, type TokenId, type Tokenizer } from "@cutaway/core";
import type { AddedToken } from "../added-tokens.ts";
import { maxTokenId, Vocabulary } from "../bpe/vocabulary.ts";
import type { GgufMetadata } from "../gguf/gguf-metadata.ts";
import { longestContent, mostContent } from "../json/read-added-tokens.ts";
import type { AddedAround } from "../post-processing.ts";
import { orderOf } from "./agenda-bpe.ts";
import { AgendaBpeModel } from "./agenda-bpe-model.ts";
import { Boundaries } from "./boundaries.ts";
import { CachedModel } from "./cached-model.ts";
import { SentenceNormalizer } from "./normalize-sentence.ts";
import type { PieceModel } from "./piece-model.ts";
import { PieceTrie } from "./piece-trie.ts";
import { BYTE, byteOfPiece, CONTROL, isFound, NORMAL, type Pieces, PieceWriter, textOf, UNKNOWN, USER_DEFINED } from "./pieces.ts";
import { PrefixMatcher } from "./prefix-matcher.ts";
import { prepareSentence } from "./prepare-sentence.ts";
import { SentenceDecoder } from "./sentence-decoder.ts";
import { SentencePieceTokenizer } from "./sentencepiece-tokenizer.ts";
import { UnigramModel } from "./unigram-model.ts";
import { unknownAsBytes, unknownAsToken } from "./unknown-characters.ts";

/**
 * The tokenizers that GGUF files call `llama` (BPE by score over the text as it is, with bytes for what has no token) and `t5` (Unigram, with a charsmap).
 * Text is encoded as llama.cpp does it: control tokens where they are allowed, user-defined ones in every text, each part between them by itself.
 * One difference is meant: where a character shares its first bytes, not all, with a user-defined token, llama.cpp's Unigram breaks the character.
 * source  llama.cpp, src/llama-vocab.cpp, llm_tokenizer_spm and llm_tokenizer_ugm
 */
export function sentencePieceFromGguf(metadata: GgufMetadata, model: "llama" | "t5"): Tokenizer {
  const { name } = metadata;
  const pieces = readPieces(metadata);
  const unknownId = unknownOf(metadata, pieces, model);
  const isUnigram = model === "t5";
  const removeExtraSpaces = isUnigram && (metadata.boolean("tokenizer.ggml.remove_extra_whitespaces") ?? false);
  const spacePrefix = metadata.boolean("tokenizer.ggml.add_space_prefix") ?? !isUnigram;
  const rules = {
    name: isUnigram ? "precompiled_charsmap" : "spaces",
    charsmap: isUnigram ? charsmapOf(metadata) : new Uint8Array(),
    // llama.cpp puts a space before each word where it merges spaces, the first one included.
    dummyPrefix: spacePrefix || removeExtraSpaces,
    removeExtraSpaces,
    escapeSpaces: true,
    suffix: false,
  };
  const verbatim = new PrefixMatcher(isUnigram ? userDefinedOf(pieces) : []);
  return new SentencePieceTokenizer({
    name,
    pieces,
    ...(unknownId !== undefined && { unknownId }),
    prepare: prepareSentence(new SentenceNormalizer(rules, verbatim, name), rules.name),
    model: isUnigram ? unigramOf(metadata, pieces, unknownId) : bpeOf(metadata, pieces, unknownId),
    decoder: new SentenceDecoder({ pieces, dummyPrefix: rules.dummyPrefix, removeExtraSpaces }),
    addedAround: aroundOf(metadata, pieces, model),
    addedTokens: addedTokensOf(metadata, pieces),
    normalizedTokens: [],
    normalize: [],
    prefixSpace: false,
  });
}

function readPieces(metadata: GgufMetadata): Pieces {
  const tokens = metadata.strings("tokenizer.ggml.tokens");
  const types = metadata.integers("tokenizer.ggml.token_type");
  const scores = metadata.numbers("tokenizer.ggml.scores");
  if (tokens.length === 0 || tokens.length > maxTokenId) throw metadata.bad(`tokenizer.ggml.tokens has ${tokens.length} tokens`);
  for (const [what, list] of Object.entries({ "token types": types, scores })) {
    if (list && list.length !== tokens.length) throw metadata.bad(`there are ${tokens.length} tokens and ${list.length} ${what}`);
  }
  const utf8 = new TextEncoder();
  const writer = new PieceWriter();
  for (const [id, token] of tokens.entries()) {
    const score = scores?.[id] ?? 0;
    const type = types?.[id] ?? NORMAL;
    if (!Number.isFinite(score)) throw metadata.bad(`the score of token ${id} is ${score}`);
    const text = utf8.encode(token === "" ? `[EMPTY_${id}]` : token);
    if (type === BYTE && byteOfPiece(text) < 0) throw metadata.bad(`token ${id} stands for no byte`);
    writer.add(text, score, type >= NORMAL && type <= BYTE ? type : NORMAL);
  }
  return writer.finish();
}

/** Of equal texts the last token's id counts: only that is listed. */
function vocabularyOf({ arena, starts, lengths }: Pieces): Vocabulary {
  const listed = starts.slice();
  for (;;) {
    const vocabulary = new Vocabulary({ arena, starts: listed, lengths });
    if (vocabulary.duplicate < 0) return vocabulary;
    const latin1 = new TextDecoder("latin1");
    const last = new Map<string, number>();
    for (let id = 0; id < starts.length; id++) {
      const text = latin1.decode(arena.subarray(starts[id], (starts[id] as number) + (lengths[id] as number)));
      const before = last.get(text);
      if (before !== undefined) listed[before] = -1;
      last.set(text, id);
    }
  }
}

function bpeOf(metadata: GgufMetadata, pieces: Pieces, unknownId: number | undefined): PieceModel {
  const vocabulary = vocabularyOf(pieces);
  const byteIds = new Int32Array(256).fill(-1);
  for (let id = 0; id < pieces.types.length; id++) {
    const byte = byteOfPiece(textOf(pieces, id));
    if (byte >= 0) byteIds[byte] = id;
  }
  const asBytes = unknownAsBytes(byteIds);
  const boundaries = new Boundaries(pieces, true);
  const model = new AgendaBpeModel({
    family: "sentencepiece-bpe",
    vocabulary,
    order: orderOf(pieces.scores),
    unused: new Set(),
    frozen: new PrefixMatcher([]),
    idOf: ({ view }, start, end) => vocabulary.find(view, start, end - start),
    pushUnknown(text, start, end, to) {
      let hasAll = true;
      for (let at = start; at < end; at++) hasAll &&= byteIds[text.bytes[at] as number] !== -1;
      if (hasAll) asBytes(text, start, end, to);
      else if (unknownId !== undefined) to.push(unknownId, start, end);
      else throw noUnknown(metadata.name);
    },
    fuseUnknown: false,
    boundaries,
  });
  return new CachedModel(model, boundaries);
}

function unigramOf(metadata: GgufMetadata, pieces: Pieces, unknownId: number | undefined): PieceModel {
  const { arena, starts, lengths, scores, types } = pieces;
  const trie = new PieceTrie(arena.length, () => metadata.bad("its tokens are too many and too long"));
  let worst = 3.4028234663852886e38;
  for (let id = 0; id < types.length; id++) {
    if (types[id] === NORMAL) worst = Math.min(worst, scores[id] as number);
    if (isFound(types[id])) trie.add(arena, starts[id] as number, lengths[id] as number, id);
  }
  return new UnigramModel({
    trie,
    scores: scores.map((score, id) => (types[id] === USER_DEFINED ? 0 : score)),
    unknownScore: Math.fround(worst - 10),
    ...(unknownId !== undefined && { unknownId }),
    singlePrecision: false,
    pushUnknown: unknownAsToken(unknownId ?? 0),
    noUnknown: () => noUnknown(metadata.name),
  });
}

function noUnknown(name: string): CutawayError {
  return new CutawayError("character-not-in-vocabulary", `the text holds a character that ${name} has no token for, and it names no unknown token`, {
    fix: "Leave the character out, or convert the model again with its unknown token.",
    data: { tokenizer: name },
  });
}

function charsmapOf(metadata: GgufMetadata): Uint8Array {
  const bytes = metadata.bytes("tokenizer.ggml.precompiled_charsmap");
  return bytes ?? new Uint8Array();
}

function userDefinedOf(pieces: Pieces): Uint8Array[] {
  const texts: Uint8Array[] = [];
  for (let id = 0; id < pieces.types.length; id++) if (pieces.types[id] === USER_DEFINED) texts.push(textOf(pieces, id));
  return texts;
}

/** Where the file names none: 0 in SentencePiece files of Llama, 2 in those of T5. */
function unknownOf(metadata: GgufMetadata, pieces: Pieces, model: "llama" | "t5"): number | undefined {
  const named = metadata.id("tokenizer.ggml.unknown_token_id", pieces.types.length);
  if (named !== undefined) return named;
  const usual = model === "t5" ? 2 : 0;
  return pieces.types[usual] === UNKNOWN ? usual : undefined;
}

function aroundOf(metadata: GgufMetadata, pieces: Pieces, model: "llama" | "t5"): AddedAround {
  const count = pieces.types.length;
  const bos = metadata.id("tokenizer.ggml.bos_token_id", count) ?? (model === "llama" && count > 1 ? 1 : undefined);
  const eos = metadata.id("tokenizer.ggml.eos_token_id", count) ?? (model === "llama" ? 2 : 1);
  const addBos = metadata.boolean("tokenizer.ggml.add_bos_token") ?? model === "llama";
  const addEos = metadata.boolean("tokenizer.ggml.add_eos_token") ?? model === "t5";
  return { before: addBos && bos !== undefined ? [bos as TokenId] : [], after: addEos && eos < count ? [eos as TokenId] : [] };
}

function addedTokensOf(metadata: GgufMetadata, pieces: Pieces): AddedToken[] {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const tokens: AddedToken[] = [];
  let total = 0;
  for (let id = 0; id < pieces.types.length; id++) {
    const type = pieces.types[id];
    if (type !== CONTROL && type !== UNKNOWN && type !== USER_DEFINED) continue;
    const content = utf8.decode(textOf(pieces, id));
    total += content.length;
    if (content.length > longestContent) throw metadata.bad(`token ${id} is special and longer than ${longestContent} characters`);
    if (total > mostContent) throw metadata.bad(`its special tokens hold more than ${mostContent} characters`);
    tokens.push({ content, id: id as TokenId, special: type !== USER_DEFINED, singleWord: false, lstrip: false, rstrip: false });
  }
  return tokens;
}
