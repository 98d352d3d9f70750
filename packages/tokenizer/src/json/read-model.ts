import type { BytePairModel } from "../bpe/byte-pair-encoder.ts";
import { PairMemo } from "../bpe/pair-ranks.ts";
import { maxTokenId, Vocabulary } from "../bpe/vocabulary.ts";
import { writeBytes } from "./byte-alphabet.ts";
import type { Fields } from "./fields.ts";
import { byteIdsOf, readMerges } from "./read-merges.ts";

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
    pairs: new PairMemo(readMerges(model.list("merges"), vocabulary, (rank, what) => model.bad(`${model.at("merges")}[${rank}] ${what}`))),
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
