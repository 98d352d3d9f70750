import type { JsonValue, TokenId, Tokenizer } from "@cutaway/core";
import { CutawayError } from "@cutaway/core";
import type { AddedToken } from "../added-tokens.ts";
import { Vocabulary } from "../bpe/vocabulary.ts";
import type { Fields } from "../json/fields.ts";
import { stepsOf } from "../json/model-family.ts";
import { readAddedTokens } from "../json/read-added-tokens.ts";
import { readNormalizer } from "../json/read-normalizer.ts";
import { readPostProcessor } from "../json/read-post-processor.ts";
import { Boundaries } from "./boundaries.ts";
import { CachedModel } from "./cached-model.ts";
import { readDecoder } from "./json-decoder.ts";
import { piecesOfList, piecesOfVocab, withKinds } from "./json-pieces.ts";
import { MergeListModel } from "./merge-list-model.ts";
import { readPreTokenStep } from "./metaspace.ts";
import type { PieceModel } from "./piece-model.ts";
import { PieceTrie } from "./piece-trie.ts";
import { byteOfPiece, type Pieces, textOf } from "./pieces.ts";
import { preparePreTokens } from "./prepare-pre-tokens.ts";
import { readCharacterMerges } from "./read-character-merges.ts";
import { SentencePieceTokenizer } from "./sentencepiece-tokenizer.ts";
import { UnigramModel } from "./unigram-model.ts";
import { type PushUnknown, unknownAsBytes } from "./unknown-characters.ts";

/** A tokenizer.json with a Unigram model, or BPE that works on characters: with byte fallback, Metaspace, or no pre-tokenizer. The ids are Hugging Face's. */
export function sentencePieceFromJson(file: Fields, name: string): Tokenizer {
  const model = file.object("model");
  const { pieces, unknownId, search, idOf } = model.get("type") === "Unigram" ? readUnigram(model) : readBpe(model);
  const tokens = readAddedTokens(file, { get: idOf });
  const added: AddedToken[] = [...tokens.addedTokens, ...tokens.normalizedTokens];
  const all = withKinds(pieces, { byteFallback: model.boolean("byte_fallback", false), unknownId, added });
  const steps = file.has("pre_tokenizer") ? stepsOf(file.object("pre_tokenizer")).map(readPreTokenStep) : [];
  return new SentencePieceTokenizer({
    name,
    pieces: all,
    ...(unknownId !== undefined && { unknownId }),
    prepare: preparePreTokens(steps),
    model: search,
    decoder: readDecoder(file, all),
    addedAround: readPostProcessor(file),
    normalize: file.has("normalizer") ? readNormalizer(file.object("normalizer")) : [],
    prefixSpace: false,
    ...tokens,
  });
}

interface JsonModel {
  /** Of the vocabulary itself. */
  pieces: Pieces;
  unknownId: number | undefined;
  search: PieceModel;
  idOf: (text: string) => JsonValue | undefined;
}

function readBpe(model: Fields): JsonModel {
  for (const affix of ["continuing_subword_prefix", "end_of_word_suffix"]) {
    if (model.has(affix) && model.string(affix) !== "") throw model.unsupported(`BPE with ${affix}`);
  }
  if (model.has("dropout") && model.get("dropout") !== 0) throw model.unsupported("BPE with dropout, whose ids differ from run to run");
  const vocab = model.object("vocab");
  const pieces = piecesOfVocab(vocab);
  const vocabulary = new Vocabulary({ ...pieces, starts: pieces.starts.map((start, id) => (pieces.types[id] === 0 ? -1 : start)) });
  const byteIds = model.boolean("byte_fallback", false) ? byteIdsOf(pieces) : new Int32Array(256).fill(-1);
  const unknownText = model.has("unk_token") ? model.string("unk_token") : undefined;
  const unknownId = unknownText === undefined ? undefined : (vocab.get(unknownText) as number | undefined);
  const everyByte = !byteIds.includes(-1);
  if (unknownText !== undefined && unknownId === undefined && !everyByte) throw model.bad(`${model.at("unk_token")} is not in the vocabulary`);
  const fuse = model.boolean("fuse_unk", false);
  // Characters that leave no trace make neighbours of those around them: then no cut is safe.
  const dropsNone = unknownId !== undefined || everyByte;
  // Between an unknown character and one that is spelled in bytes, order matters: the tokens of bytes go first.
  const cutsUnknown = everyByte || (!fuse && byteIds.every((id) => id < 0));
  const wholePieces = model.boolean("ignore_merges", false);
  const list = new MergeListModel({
    vocabulary,
    pairs: readCharacterMerges(model, vocabulary),
    byteIds,
    ...(unknownId !== undefined && { unknown: { id: unknownId, fuse } }),
    wholePieces,
  });
  const search = new CachedModel(list, dropsNone && !wholePieces ? new Boundaries(pieces, cutsUnknown) : undefined);
  return { pieces, unknownId, search, idOf: (text) => vocab.get(text) };
}

function readUnigram(model: Fields): JsonModel {
  const pieces = piecesOfList(model);
  const { arena, starts, lengths, scores } = pieces;
  const unknownId = model.has("unk_id") ? model.integer("unk_id", starts.length - 1) : undefined;
  const trie = new PieceTrie(arena.length, () => model.bad(`${model.at("vocab")} is too large`));
  let worst = Number.POSITIVE_INFINITY;
  for (let id = 0; id < starts.length; id++) {
    worst = Math.min(worst, scores[id] as number);
    if ((lengths[id] as number) > 0) trie.add(arena, starts[id] as number, lengths[id] as number, id);
  }
  const byteIds = model.boolean("byte_fallback", false) ? byteIdsOf(pieces) : undefined;
  const search = new UnigramModel({
    trie,
    scores,
    unknownScore: worst - 10,
    ...(unknownId !== undefined && { unknownId }),
    singlePrecision: false,
    pushUnknown: pushUnknownRun(trie, unknownId ?? -1, byteIds),
    noUnknown: () =>
      new CutawayError(
        "character-not-in-vocabulary",
        `the text holds a character that ${model.file} has no token for, and it names no unknown token (unk_id)`,
        {
          fix: "Give the file an unk_id, or leave the character out.",
          data: { tokenizer: model.file },
        },
      ),
  });
  const byText = new Map<string, number>();
  for (const [id, pair] of model.list("vocab").entries()) byText.set((pair as [string, number])[0], id);
  return { pieces, unknownId, search: new CachedModel(search), idOf: (text) => byText.get(text) };
}

/** A run of unknown characters that together are a token is that token; else it is its bytes, if every one has a token, or one unknown token. */
function pushUnknownRun(trie: PieceTrie, unknownId: number, byteIds: Int32Array | undefined): PushUnknown {
  const asBytes = byteIds && unknownAsBytes(byteIds);
  return (text, start, end, to) => {
    const id = trie.packed.find(text.bytes, start, end);
    if (id >= 0) {
      to.push(id, start, end);
      return;
    }
    let hasAll = byteIds !== undefined;
    for (let at = start; at < end && hasAll; at++) hasAll = byteIds?.[text.bytes[at] as number] !== -1;
    if (asBytes && hasAll) asBytes(text, start, end, to);
    else to.push(unknownId as TokenId, start, end);
  };
}

/** By byte: the token `<0xE2>` that stands for it; -1 where there is none. */
function byteIdsOf(pieces: Pieces): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  for (let id = 0; id < pieces.types.length; id++) {
    const byte = byteOfPiece(textOf(pieces, id));
    if (byte >= 0) ids[byte] = id;
  }
  return ids;
}
