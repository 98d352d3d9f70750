import type { BytePairModel } from "../bpe/byte-pair-encoder.ts";
import { hashBytes } from "../bpe/hash-bytes.ts";
import { PairMemo, type PairRules, rulesOfMerges } from "../bpe/pair-ranks.ts";
import { maxTokenId, Vocabulary } from "../bpe/vocabulary.ts";
import { writeBytes } from "./byte-alphabet.ts";
import type { Fields } from "./fields.ts";

/** The `model` of a tokenizer.json whose vocabulary is written in the byte alphabet. */
export function readModel(model: Fields): BytePairModel {
  for (const affix of ["continuing_subword_prefix", "end_of_word_suffix"]) {
    if (model.has(affix) && model.string(affix) !== "") throw model.unsupported(`BPE with ${affix}`);
  }
  if (model.has("dropout") && model.get("dropout") !== 0) throw model.unsupported("BPE with dropout, whose ids differ from run to run");
  const vocab = model.object("vocab");
  const vocabulary = readVocabulary(vocab);
  const unknown = model.has("unk_token") ? model.string("unk_token") : undefined;
  const unknownId = unknown === undefined ? undefined : vocab.get(unknown);
  return {
    vocabulary,
    pairs: new PairMemo(readMerges(model, vocabulary)),
    wholePieces: model.boolean("ignore_merges", false),
    byteIds: byteIdsOf(vocabulary),
    ...(typeof unknownId === "number" && { unknown: { id: unknownId, fuse: model.boolean("fuse_unk", false) } }),
  };
}

function readVocabulary(vocab: Fields): Vocabulary {
  let ids = 0;
  let tokens = 0;
  let units = 0;
  for (const token in vocab.json) {
    ids = Math.max(ids, vocab.integer(token, maxTokenId) + 1);
    tokens++;
    units += token.length;
  }
  if (tokens === 0) throw vocab.bad(`${vocab.path} is empty`);
  if (ids > 2 * tokens + 100_000) throw vocab.bad(`${vocab.path} has ${tokens} tokens, yet ids up to ${ids - 1}`);

  const arena = new Uint8Array(3 * units + 4);
  const starts = new Int32Array(ids).fill(-1);
  const lengths = new Int32Array(ids);
  const unlisted = new Set<number>();
  const utf8 = new TextEncoder();
  let used = 0;
  for (const token in vocab.json) {
    const id = vocab.json[token] as number;
    if ((starts[id] as number) >= 0)
      throw vocab.bad(`${vocab.path} gives the id ${id} to two tokens, one of them ${JSON.stringify(token.slice(0, 60))}`);
    let length = token === "" ? -1 : writeBytes(token, arena, used);
    if (length < 0) {
      // A token in other characters can come from no text: it is there to be decoded.
      length = utf8.encodeInto(token, arena.subarray(used)).written;
      unlisted.add(id);
    }
    starts[id] = used;
    lengths[id] = length;
    used += length;
  }
  return new Vocabulary({ arena: arena.slice(0, used + 4), starts, lengths, unlisted });
}

function byteIdsOf(vocabulary: Vocabulary): Int32Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length: 256 }, (_, byte) => {
    bytes[0] = byte;
    return vocabulary.find(view, 0, 1, hashBytes(view, 0, 1));
  });
}

/** Merges as `"left right"` or `["left", "right"]`, the first with the lowest rank. Both sides and what they make must be tokens. */
function readMerges(model: Fields, vocabulary: Vocabulary): PairRules {
  const merges = model.list("merges");
  const left = new Int32Array(merges.length);
  const right = new Int32Array(merges.length);
  const made = new Int32Array(merges.length);
  let scratch = new Uint8Array(1024);
  let view = new DataView(scratch.buffer);
  const find = (start: number, length: number) => vocabulary.find(view, start, length, hashBytes(view, start, length));

  for (const [rank, merge] of merges.entries()) {
    const [first, second] = sidesOf(merge);
    if (!first || !second) throw model.bad(`${model.at("merges")}[${rank}] is not a pair of tokens`);
    if (first.length + second.length + 4 > scratch.length) {
      scratch = new Uint8Array(2 * (first.length + second.length) + 4);
      view = new DataView(scratch.buffer);
    }
    const firstLength = writeBytes(first, scratch, 0);
    const secondLength = firstLength < 0 ? -1 : writeBytes(second, scratch, firstLength);
    left[rank] = secondLength < 0 ? -1 : find(0, firstLength);
    right[rank] = secondLength < 0 ? -1 : find(firstLength, secondLength);
    made[rank] = secondLength < 0 ? -1 : find(0, firstLength + secondLength);
    if ((left[rank] as number) < 0 || (right[rank] as number) < 0 || (made[rank] as number) < 0) {
      throw model.bad(
        `${model.at("merges")}[${rank}] merges ${JSON.stringify([first.slice(0, 40), second.slice(0, 40)])}, of which a part or the result is not a token`,
      );
    }
  }
  return rulesOfMerges(left, right, made);
}

function sidesOf(merge: unknown): [string?, string?] {
  if (typeof merge === "string") {
    const space = merge.indexOf(" ");
    return space < 0 || merge.indexOf(" ", space + 1) >= 0 ? [] : [merge.slice(0, space), merge.slice(space + 1)];
  }
  if (!Array.isArray(merge) || merge.length !== 2 || typeof merge[0] !== "string" || typeof merge[1] !== "string") return [];
  return [merge[0], merge[1]];
}
