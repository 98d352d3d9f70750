/** One tokenizer against its reference, text by text. */
import type { EncodeOptions, Tokenizer } from "@cutaway/core";
import { streamDecoder } from "@cutaway/tokenizer";
import type { Answer, Oracle, Question } from "./oracle.ts";

export interface Mismatch {
  /** What differs: ids, count, decode … */
  what: string;
  mode: string;
  text: string;
  ours: string;
  theirs: string;
}

/** How a batch of texts is asked about; the checks beyond ids and counts cost time, so not every batch has them. */
export interface Mode {
  specials: boolean;
  post: boolean;
  offsets: boolean;
  decode: boolean;
  /** What is compared with ourselves: trace, limit, spans, stream. */
  self: boolean;
}

export function question(mode: Mode, texts: readonly string[]): Question {
  return { texts, specials: mode.specials, post: mode.post, offsets: mode.offsets, decode: mode.decode };
}

export function optionsOf({ specials, post }: Mode): EncodeOptions {
  return { ...(specials ? { allowedSpecial: "all" } : { disallowedSpecial: "as-text" }), ...(post && { addSpecialTokens: true }) };
}

/** The first difference of a text, or undefined. */
export function difference(tokenizer: Tokenizer, text: string, answer: Answer, mode: Mode): Mismatch | undefined {
  const options = optionsOf(mode);
  const differs = (what: string, ours: unknown, theirs: unknown): Mismatch => ({
    what,
    mode: [mode.specials ? "special tokens" : "as text", ...(mode.post ? ["post-processed"] : [])].join(", "),
    text,
    ours: shown(ours),
    theirs: shown(theirs),
  });
  let ids: Uint32Array;
  let count: number;
  try {
    ids = tokenizer.encode(text, options);
    count = tokenizer.count(text, options);
  } catch (error) {
    return answer.ids ? differs("ids", error, answer.ids) : undefined;
  }
  if (!answer.ids) return differs("ids", ids, "refused");
  if (!same(ids, answer.ids)) return differs("ids", ids, answer.ids);
  if (count !== ids.length) return differs("count", count, ids.length);
  if (answer.decoded !== undefined) {
    const decoded = tokenizer.decode(ids);
    if (decoded !== answer.decoded) return differs("decode", decoded, answer.decoded);
  }
  if (answer.starts && answer.ends && !(answer.rewritten && losesPlaces(tokenizer, text))) {
    const { starts, ends } = tokenizer.encodeWithOffsets(text, { ...options, unit: "utf16" });
    const units = unitsOfCodePoints(text);
    const theirStarts = answer.starts.map((at) => units?.[at] ?? at);
    const theirEnds = answer.ends.map((at) => units?.[at] ?? at);
    const agree = starts.every((start, index) =>
      isSameRange(
        tokenizer,
        ids[index] as number,
        answer.rewritten ?? false,
        [start, ends[index] as number],
        [theirStarts[index] as number, theirEnds[index] as number],
      ),
    );
    if (!agree) return differs("offsets", pairs(starts, ends), pairs(theirStarts, theirEnds));
  }
  return mode.self ? ownDifference(tokenizer, text, ids, options, differs) : undefined;
}

/**
 * Equal, or one of the places where the reference is less exact by design: a token that a normaliser or Metaspace put in comes from nowhere, the reference
 * gives it its neighbour's place; a byte comes from its character, the reference gives it the whole run of unknown ones; a character composed from several
 * comes from all of them, the reference gives it the first.
 */
function isSameRange(tokenizer: Tokenizer, id: number, rewritten: boolean, ours: [number, number], theirs: [number, number]): boolean {
  if (ours[0] === theirs[0] && ours[1] === theirs[1]) return true;
  if (ours[0] === ours[1]) return true;
  if (tokenizer.kindOf(id) === "byte" && ours[0] >= theirs[0] && ours[1] <= theirs[1]) return true;
  return rewritten && ours[0] <= theirs[0] && ours[1] >= theirs[1];
}

/**
 * Where the reference's own offsets go wrong. Its charsmap step counts characters that it removed as if they stood, so all after them have the place of
 * another; decomposing changes the order of marks, and each then gets the place of another.
 */
function losesPlaces(tokenizer: Tokenizer, text: string): boolean {
  if (tokenizer.family === "unigram") return true;
  const kept = text.replace(/\p{C}/gu, "");
  return kept.normalize("NFD") !== Array.from(kept, (character) => character.normalize("NFD")).join("");
}

/** What must agree with the ids, whatever the reference offers. */
function ownDifference(
  tokenizer: Tokenizer,
  text: string,
  ids: Uint32Array,
  options: EncodeOptions,
  differs: (what: string, ours: unknown, theirs: unknown) => Mismatch,
): Mismatch | undefined {
  const traced = tokenizer.trace(text, options).ids;
  if (!same(traced, ids)) return differs("trace", traced, ids);
  const offsets = tokenizer.encodeWithOffsets(text, { ...options, unit: "utf8" });
  if (!same(offsets.ids, ids)) return differs("ids of offsets", offsets.ids, ids);
  const spans = tokenizer.encodeWithSpans(text, options).map(({ id }) => id);
  if (!same(spans, ids)) return differs("ids of spans", spans, ids);
  for (const limit of [0, ids.length - 1, ids.length, ids.length + 1]) {
    if (limit < 0) continue;
    const within = tokenizer.countWithinLimit(text, limit, options);
    const expected = ids.length <= limit ? ids.length : undefined;
    if (within !== expected) return differs(`count within ${limit}`, within, expected);
  }
  if (tokenizer.family === "byte-level-bpe") {
    const stream = streamDecoder(tokenizer);
    let streamed = "";
    for (const id of ids) streamed += stream.push(id);
    streamed += stream.end();
    if (streamed !== tokenizer.decode(ids)) return differs("streamed", streamed, tokenizer.decode(ids));
  }
  return undefined;
}

/** The same mismatch on the shortest text that still has one: pieces are taken out until none can be. */
export async function shrink(tokenizer: Tokenizer, oracle: Oracle, mode: Mode, found: Mismatch): Promise<Mismatch> {
  let best = found;
  let points = [...found.text];
  for (let size = Math.ceil(points.length / 2); size >= 1; ) {
    let removed = false;
    for (let at = 0; at < points.length && points.length > 1; ) {
      const shorter = [...points.slice(0, at), ...points.slice(at + size)];
      const text = shorter.join("");
      const [answer] = await oracle.encode(question(mode, [text]));
      const smaller = answer && difference(tokenizer, text, answer, mode);
      if (smaller && smaller.what.split(" ")[0] === found.what.split(" ")[0]) {
        best = smaller;
        points = shorter;
        removed = true;
      } else {
        at += size;
      }
    }
    if (size === 1 && !removed) break;
    size = Math.max(1, size >> 1);
  }
  return best;
}

/** As a JavaScript string that shows every character that is not plain. */
export function escaped(text: string): string {
  const points = [...text].map((character) => {
    const codePoint = character.codePointAt(0) as number;
    if (character === '"' || character === "\\") return `\\${character}`;
    if (codePoint >= 0x20 && codePoint < 0x7f) return character;
    return codePoint > 0xffff ? `\\u{${codePoint.toString(16)}}` : `\\u${codePoint.toString(16).padStart(4, "0")}`;
  });
  return `"${points.length > 400 ? `${points.slice(0, 400).join("")}… (${points.length} characters)` : points.join("")}"`;
}

function shown(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "string") return escaped(value);
  if (value instanceof Uint32Array || Array.isArray(value)) {
    return `[${value.slice(0, 60).join(" ")}${value.length > 60 ? ` … (${value.length})` : ""}]`;
  }
  return String(value);
}

function pairs(starts: Uint32Array, ends: Uint32Array): string[] {
  return Array.from(starts, (start, index) => `${start}-${ends[index]}`);
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** UTF-16 offset of each code point and of the end; undefined where they are the same. */
function unitsOfCodePoints(text: string): Uint32Array | undefined {
  if (!/[\u{10000}-\u{10ffff}]/u.test(text)) return undefined;
  const units = new Uint32Array(text.length + 1);
  let points = 0;
  let unit = 0;
  for (const character of text) {
    units[points++] = unit;
    unit += character.length;
  }
  units[points] = unit;
  return units.subarray(0, points + 1);
}
