import type { AddedToken } from "../added-tokens.ts";
import { maxTokenId } from "../bpe/vocabulary.ts";
import type { Fields } from "../json/fields.ts";
import { BYTE, byteOfPiece, CONTROL, NORMAL, type Pieces, textOf, UNKNOWN, USER_DEFINED } from "./pieces.ts";

const utf8 = new TextEncoder();

/** Where the texts of tokens and their scores come from. */
interface Entry {
  id: number;
  text: string;
  score: number;
}

/** The vocabulary of a BPE model, `{"text": id, …}`. Ids without a token have the type 0. */
export function piecesOfVocab(vocab: Fields): Pieces {
  const entries: Entry[] = [];
  let ids = 0;
  for (const text in vocab.json) {
    const id = vocab.integer(text, maxTokenId);
    entries.push({ id, text, score: 0 });
    ids = Math.max(ids, id + 1);
  }
  if (entries.length === 0) throw vocab.bad(`${vocab.path} is empty`);
  if (ids > 2 * entries.length + 100_000) throw vocab.bad(`${vocab.path} has ${entries.length} tokens, yet ids up to ${ids - 1}`);
  return piecesOf(entries, ids, (id) =>
    vocab.bad(
      `${vocab.path} gives the id ${id} to two tokens, one of them ${JSON.stringify(entries.findLast((entry) => entry.id === id)?.text.slice(0, 60))}`,
    ),
  );
}

/** The vocabulary of a Unigram model, `[["text", score], …]`. */
export function piecesOfList(model: Fields): Pieces {
  const list = model.list("vocab");
  if (list.length === 0) throw model.bad(`${model.at("vocab")} is empty`);
  if (list.length > maxTokenId) throw model.bad(`${model.at("vocab")} has ${list.length} tokens`);
  const entries = list.map((pair, id): Entry => {
    const [text, score] = Array.isArray(pair) && pair.length === 2 ? pair : [];
    if (typeof text !== "string" || typeof score !== "number" || !Number.isFinite(score)) {
      throw model.bad(`${model.at("vocab")}[${id}] is not a token and its score`);
    }
    return { id, text, score };
  });
  return piecesOf(entries, list.length, (id) => model.bad(`${model.at("vocab")}[${id}]`));
}

function piecesOf(entries: readonly Entry[], ids: number, twice: (id: number) => Error): Pieces {
  const units = entries.reduce((sum, { text }) => sum + text.length, 0);
  const arena = new Uint8Array(3 * units + 4);
  const pieces = { arena, starts: new Int32Array(ids), lengths: new Int32Array(ids), scores: new Float64Array(ids), types: new Uint8Array(ids) };
  let used = 0;
  for (const { id, text, score } of entries) {
    if (pieces.types[id] !== 0) throw twice(id);
    const { written } = utf8.encodeInto(text, arena.subarray(used));
    pieces.starts[id] = used;
    pieces.lengths[id] = written;
    pieces.scores[id] = score;
    pieces.types[id] = NORMAL;
    used += written;
  }
  return pieces;
}

/** What the rest of the file makes of some tokens: bytes, the unknown token, added tokens, which may lie beyond the vocabulary. */
export function withKinds(
  pieces: Pieces,
  { byteFallback, unknownId, added }: { byteFallback: boolean; unknownId?: number; added: readonly AddedToken[] },
): Pieces {
  const ids = added.reduce((most, token) => Math.max(most, token.id + 1), pieces.types.length);
  const contents = added.map((token) => utf8.encode(token.content));
  const arena = new Uint8Array(pieces.arena.length + contents.reduce((sum, { length }) => sum + length, 0));
  const starts = new Int32Array(ids);
  const lengths = new Int32Array(ids);
  const scores = new Float64Array(ids);
  const types = new Uint8Array(ids);
  arena.set(pieces.arena);
  starts.set(pieces.starts);
  lengths.set(pieces.lengths);
  scores.set(pieces.scores);
  types.set(pieces.types);
  if (byteFallback)
    for (let id = 0; id < pieces.types.length; id++) if (types[id] === NORMAL && byteOfPiece(textOf(pieces, id)) >= 0) types[id] = BYTE;
  let used = pieces.arena.length - 4;
  for (const [index, token] of added.entries()) {
    const content = contents[index] as Uint8Array;
    arena.set(content, used);
    starts[token.id] = used;
    lengths[token.id] = content.length;
    types[token.id] = token.special ? CONTROL : USER_DEFINED;
    used += content.length;
  }
  if (unknownId !== undefined) types[unknownId] = UNKNOWN;
  return { arena, starts, lengths, scores, types };
}
