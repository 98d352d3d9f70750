import type { TokenId, Tokenizer, TokenTrace, TracePiece } from "@cutaway/core";
import { canBeInUtf8, completions } from "./completions.ts";
import { bareTexts, ownTexts } from "./own-texts.ts";
import { textsAround } from "./texts-around.ts";
import { type VocabularyEntry, vocabularyEntries } from "./vocabulary-entries.ts";

/**
 * Why a text never becomes this token.
 * `special`: a control token, which no text may speak. `unused`: no text stands for it: reserved, or marked so by the file.
 * `duplicate`: another id has the same bytes, and is taken. `added-token`: its text holds an added token, which is cut out first.
 * `normalizer`: its text is rewritten before it is looked up. `pre-tokenizer`: its text is cut into several pieces, and no token reaches across.
 * `merges`: no order of merges builds it: others come first. `score`: other tokens for the same text score higher (Unigram).
 * `longest-match`: longer matches leave it nothing (WordPiece). `not-utf8`: no text has these bytes. `part-of-character`: its bytes are not whole characters,
 * and no text tried that has them is cut so.
 */
export type UnreachableReason =
  | "special"
  | "unused"
  | "duplicate"
  | "added-token"
  | "normalizer"
  | "pre-tokenizer"
  | "merges"
  | "score"
  | "longest-match"
  | "not-utf8"
  | "part-of-character";

export interface UnreachableToken extends VocabularyEntry {
  reason: UnreachableReason;
  /**
   * True: it follows from how the family works that no text yields the token (see `findUnreachable`).
   * False: its own text does not, and neither did any of the texts tried around it.
   */
  proved: boolean;
  /** What its own text becomes instead; absent for bytes that are no text. */
  becomes?: TokenId[];
  /** The pieces its own text is cut into, where it is more than one. */
  pieces?: string[];
}

export interface Reachability {
  /** In order of id. */
  unreachable: UnreachableToken[];
  /** Tokens that a text yields, though not their own text alone: with a text that does. */
  inContext: { entry: VocabularyEntry; text: string; becomes: TokenId[] }[];
  /** Ids with bytes; ids below `vocabSize` without any. */
  tokens: number;
  holes: number;
}

/**
 * The tokens that no text becomes. Every token's own text is encoded; what does not come back as that one token is tried between other texts, and bytes that
 * are part of a character within characters that have them. What is proved:
 * - `merges`: in BPE, merges inside a token never depend on what stands outside it, so a token that merging its own bytes as one piece does not yield
 *   is yielded by no text. (It is also no whole piece, or its own text would have been taken as one.)
 * - `score`: a best path goes through no token whose text has a better path of its own.
 * - `not-utf8`: bytes that UTF-8 never has, such as 0xC0 or 0xFF.
 * - `special`, `unused`: by their kind; text is taken as text, special tokens are not allowed in it.
 * - `duplicate`: the table from bytes to ids holds one id for them.
 * `onProgress` hears how many tokens have been looked at.
 */
export function findUnreachable(tokenizer: Tokenizer, onProgress: (done: number, tokens: number) => void = () => {}): Reachability {
  let found = known.get(tokenizer);
  if (!found) {
    found = survey(tokenizer, onProgress);
    known.set(tokenizer, found);
  }
  return found;
}

const known = new WeakMap<Tokenizer, Reachability>();
const asText = { disallowedSpecial: "as-text" } as const;

function survey(tokenizer: Tokenizer, onProgress: (done: number, tokens: number) => void): Reachability {
  const entries = vocabularyEntries(tokenizer);
  const seen = seenInCharacters(tokenizer);
  const unreachable: UnreachableToken[] = [];
  const inContext: Reachability["inContext"] = [];
  const byBytes = new Map<string, TokenId>();
  const late: VocabularyEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % 1024 === 0) onProgress(index - late.length, entries.length);
    const { id, kind, text } = entry;
    if (kind === "special" || kind === "unused") unreachable.push({ ...entry, reason: kind, proved: true });
    else if (kind === "text" && !isItself(tokenizer, entry) && !(text === undefined && seen[id] === 1)) late.push(entry);
    else if (kind === "text" && text !== undefined) byBytes.set(text, id);
  }
  const isDeep = late.filter(({ text }) => text !== undefined).length <= mostDeep;
  for (const [index, entry] of late.entries()) {
    // Few, and each may take thousands of tries.
    onProgress(entries.length - late.length + index, entries.length);
    const { text } = entry;
    const own = text === undefined ? undefined : (ownTexts(tokenizer, text)[0] as string);
    const becomes = own === undefined ? undefined : (Array.from(tokenizer.encode(own, asText)) as TokenId[]);
    if (text !== undefined && byBytes.has(text)) {
      unreachable.push({ ...entry, reason: "duplicate", proved: true, becomes: becomes ?? [] });
      continue;
    }
    const why = own === undefined ? reasonOfBytes(entry.bytes) : reasonOf(tokenizer.trace(own, asText), entry.id, own);
    const example = why.proved ? undefined : textThatYields(tokenizer, entry, isDeep);
    if (example !== undefined) inContext.push({ entry, text: example, becomes: becomes ?? [] });
    else unreachable.push({ ...entry, ...why, ...(becomes && { becomes }) });
  }
  unreachable.sort((a, b) => a.id - b.id);
  return { unreachable, inContext, tokens: entries.length, holes: tokenizer.vocabSize - entries.length };
}

/** A vocabulary with more such tokens than this was not made for its pre-tokenizer; ten thousand tries for each would take minutes. */
const mostDeep = 50;

const reasonOfBytes = (bytes: Uint8Array): { reason: UnreachableReason; proved: boolean } =>
  canBeInUtf8(bytes) ? { reason: "part-of-character", proved: false } : { reason: "not-utf8", proved: true };

function isItself(tokenizer: Tokenizer, { id, text }: VocabularyEntry): boolean {
  if (text === undefined) return false;
  const ids = tokenizer.encode(text, asText);
  if (ids.length === 1 && ids[0] === id) return true;
  return ownTexts(tokenizer, text).some((own) => own !== text && tokenizer.encode(own, asText).includes(id));
}

function reasonOf(trace: TokenTrace, id: TokenId, text: string): { reason: UnreachableReason; proved: boolean; pieces?: string[] } {
  const pieces: TracePiece[] = [];
  for (const stretch of trace.stretches) {
    if (stretch.kind === "added-token") return { reason: "added-token", proved: false };
    const rewritten = stretch.normalizations.at(-1)?.text;
    if (rewritten !== undefined && marked(rewritten) !== marked(text)) return { reason: "normalizer", proved: false };
    pieces.push(...stretch.pieces);
  }
  const [piece] = pieces;
  if (!piece || pieces.length > 1) return { reason: "pre-tokenizer", proved: false, pieces: pieces.map(({ text }) => text) };
  switch (piece.found.by) {
    case "merges":
      return { reason: "merges", proved: marked(piece.text) === marked(text) };
    case "lattice":
      return { reason: "score", proved: piece.found.nodes.some((node) => node.id === id && beaten(piece, node)) };
    default:
      return { reason: "longest-match", proved: false };
  }
}

/** SentencePiece families show spaces as ▁, and put one before a text that has none. */
const marked = (text: string): string => text.replaceAll("▁", " ");

function beaten({ found }: TracePiece, { start, end, score }: { start: number; end: number; score: number }): boolean {
  if (found.by !== "lattice") return false;
  const inside = found.nodes.filter((node) => node.best && node.start >= start && node.end <= end);
  const covers = inside.reduce((sum, node) => sum + node.end - node.start, 0) === end - start;
  return covers && inside.reduce((sum, node) => sum + node.score, 0) > score;
}

/** A text whose tokens include the entry's. */
function textThatYields(tokenizer: Tokenizer, entry: VocabularyEntry, isDeep: boolean): string | undefined {
  const yields = (text: string) => tokenizer.encode(text, asText).includes(entry.id);
  if (entry.text === undefined) return completions(entry.bytes).find(yields);
  for (const own of bareTexts(tokenizer, entry.text)) {
    for (const text of textsAround(own, vocabularyEntries(tokenizer), isDeep)) if (yields(text)) return text;
  }
  return undefined;
}

/** By id: whether it comes up when every assigned character is encoded, alone and after a space. */
function seenInCharacters(tokenizer: Tokenizer): Uint8Array {
  const seen = new Uint8Array(tokenizer.vocabSize);
  const characters: string[] = [];
  for (let code = 0x80; code < 0x11_0000; code++) {
    // The tags and private planes hold nothing that a vocabulary has learnt; surrogates are no characters.
    if (code >= 0xd800 && code < 0xf900) code = 0xf900;
    if (code === 0x3_3480) break;
    characters.push(String.fromCodePoint(code));
  }
  for (const separator of ["\n", "\n "]) for (const id of tokenizer.encode(characters.join(separator), asText)) seen[id] = 1;
  return seen;
}
