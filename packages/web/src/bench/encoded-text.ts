import type { TokenKind } from "@cutaway/core";
import type { Segmentation } from "@cutaway/tokenizer/explain";
import type { PackedTokens } from "../api/tokenizers.ts";
import { hex, visibleAlone, visibleToken } from "../format/visible.ts";
import type { BenchShow } from "../state/bench-place.ts";

/** A text and its tokens under one tokenizer. */
export interface EncodedText {
  tokenizer: string;
  text: string;
  packed: PackedTokens;
  /** [tokens] index into the packed entries. */
  entry: Uint32Array;
}

export function encodedText(tokenizer: string, text: string, packed: PackedTokens): EncodedText {
  const places = new Map<number, number>();
  packed.entryIds.forEach((id, i) => {
    places.set(id, i);
  });
  return { tokenizer, text, packed, entry: packed.ids.map((id) => places.get(id) as number) };
}

export function entryBytes({ entryEnds, entryBytes: all }: PackedTokens, entry: number): Uint8Array {
  return all.subarray(entry === 0 ? 0 : entryEnds[entry - 1], entryEnds[entry]);
}

export const kindOf = ({ packed }: EncodedText, entry: number): TokenKind => packed.kinds[packed.entryKinds[entry] as number] ?? "text";

/** What is told apart from text: of the baseline of bytes nothing, for there every token is a byte. */
export const markOf = (encoded: EncodedText, entry: number): TokenKind => (encoded.packed.family === "bytes" ? "text" : kindOf(encoded, entry));

/** Tokens of each kind that is told apart. */
export function countKinds(encoded: EncodedText): Record<TokenKind, number> {
  const counts: Record<TokenKind, number> = { text: 0, special: 0, byte: 0, unknown: 0, unused: 0 };
  const byEntry = Array.from(encoded.packed.entryIds, (_, entry) => markOf(encoded, entry));
  for (const entry of encoded.entry) counts[byEntry[entry] ?? "text"]++;
  return counts;
}

/** What stands in each token's box. A space that is no part of the token keeps figures apart; it has a width and no mark. */
export function shownTokens(encoded: EncodedText, show: BenchShow): string[] {
  const { packed, entry } = encoded;
  if (show === "text") return shownTexts(encoded);
  const byEntry = Array.from(packed.entryIds, (id, i) => `\u00A0${show === "ids" ? id : hex(entryBytes(packed, i))}\u00A0`);
  return Array.from(entry, (i) => byEntry[i] as string);
}

/**
 * The part of the text that each token stands for. Where tokens share a character, and where one stands for no part of the text, its own bytes.
 * Most tokens spell what they stand for: those are made visible once for each entry of the vocabulary. Where a family leaves spaces out, there is
 * room between tokens, or a new line.
 */
function shownTexts({ text, packed, entry }: EncodedText): string[] {
  const { starts, ends, ids } = packed;
  const raw = Array.from(packed.entryIds, (_, i) => decodeOrNothing(entryBytes(packed, i)));
  const own = Array.from(packed.entryIds, (_, i) => visibleToken(entryBytes(packed, i)));
  const out = new Array<string>(ids.length);
  for (let i = 0; i < ids.length; i++) {
    const start = starts[i] as number;
    const end = ends[i] as number;
    const at = entry[i] as number;
    const spelled = raw[at];
    const isOwn = start === end || (spelled !== undefined && spelled.length === end - start && text.startsWith(spelled, start));
    const shown = isOwn || sharesCharacter(packed, i) ? (own[at] as string) : visibleAlone(text.slice(start, end));
    const before = i === 0 ? 0 : (ends[i - 1] as number);
    out[i] = before < start ? (text.slice(before, start).includes("\n") ? "\n" : "\u00A0") + shown : shown;
  }
  return out;
}

const sharesCharacter = ({ starts, ends }: PackedTokens, i: number): boolean =>
  (i > 0 && (starts[i] as number) < (ends[i - 1] as number)) || (i + 1 < starts.length && (starts[i + 1] as number) < (ends[i] as number));

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeOrNothing(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The token that a place of the text stands in, the last that begins at or before it; undefined for an empty text. */
export function tokenAtOffset({ packed: { starts } }: EncodedText, offset: number): number | undefined {
  if (starts.length === 0) return undefined;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function segmentationOf({ packed }: EncodedText): Segmentation {
  const lengths = new Map(Array.from(packed.entryIds, (id, i) => [id, entryBytes(packed, i).length]));
  return { tokens: packed, lengthOf: (id) => lengths.get(id) ?? 0 };
}
