import { decodeUtf8, isCutawayError, type Tokenizer } from "@cutaway/core";
import { findMojibake, repairMojibake } from "@cutaway/metrics";
import { lackingAtEnd } from "./completions.ts";
import { editScript } from "./edit-script.ts";

/** What is wrong with ids that one tokenizer made, or most likely made, for the text. */
export type IdFault =
  /** The first `count` ids are BOS, where one is right. */
  | { kind: "doubled-bos"; id: number; count: number }
  /** The tokenizer puts this before a text, and it is not there. */
  | { kind: "missing-bos"; id: number }
  /** Ids beyond the vocabulary, or at places of it that hold nothing, by position. */
  | { kind: "unknown-ids"; positions: number[] }
  /** Every id is that much higher (lower: negative) than the tokenizer's. */
  | { kind: "offset"; by: number }
  /** The bytes end inside a character: the ids were cut there. */
  | { kind: "cut-character"; lacking: number }
  /** The ids say the beginning of the text alone, up to that UTF-16 unit of it. */
  | { kind: "cut-text"; at: number }
  /** The ids go on after the text with that. */
  | { kind: "more-text"; text: string }
  /** The ids are of the text after its UTF-8 was read in another encoding (`ids`), or the text is, and the ids are of what was meant (`text`). */
  | { kind: "mojibake"; in: "ids" | "text"; readAs: string }
  /** The same text, cut otherwise than the tokenizer cuts it: made token by token (a model's own output), by another version, or from parts joined. */
  | { kind: "other-cut"; at: number };

export interface CandidateMatch {
  tokenizer: string;
  /** `exact`: these are its ids for the text, those around the text aside. `text`: they decode to the text. `part`: after a fault is mended. `no`: neither. */
  match: "exact" | "text" | "part" | "no";
  /** Of `of` ids, how many stand in its own ids for the text in the same order. */
  agreeing: number;
  of: number;
  /** Position of the first id that is not its own; absent where all are. */
  firstDifference?: number;
  faults: IdFault[];
}

export interface MismatchReport {
  /** Best first: exact, then by what agrees. */
  candidates: CandidateMatch[];
  /** Names that fit equally well; more than one where these ids cannot tell them apart. Empty where none fits. */
  made: string[];
  /** `one`, `several` that give the same ids for this text, or `none`. */
  verdict: "one" | "several" | "none";
}

/**
 * Which of the candidates made these ids for this text: by encoding the text again and comparing, by decoding the ids, and by mending one known fault.
 * ids  up to some 100,000; agreement of longer and very different sequences is a lower bound
 */
export function detectMismatch(text: string, ids: ArrayLike<number>, candidates: readonly Tokenizer[]): MismatchReport {
  const given = Array.from(ids);
  const matches = candidates.map((tokenizer) => matchOf(tokenizer, text, given));
  matches.sort((a, b) => order[a.match] - order[b.match] || b.agreeing - a.agreeing || a.faults.length - b.faults.length);
  const [best] = matches;
  const made =
    best === undefined || best.match === "no" || given.length === 0
      ? []
      : matches.filter(({ match, agreeing, faults }) => match === best.match && agreeing === best.agreeing && faults.length === best.faults.length);
  return {
    candidates: matches,
    made: made.map(({ tokenizer }) => tokenizer),
    verdict: made.length === 0 ? "none" : made.length === 1 ? "one" : "several",
  };
}

const order = { exact: 0, text: 1, part: 2, no: 3 } as const;
const asText = { disallowedSpecial: "as-text" } as const;

function matchOf(tokenizer: Tokenizer, text: string, given: readonly number[]): CandidateMatch {
  const faults: IdFault[] = [];
  const unknown = given.flatMap((id, at) => (tokenizer.bytesOf(id) === undefined ? [at] : []));
  const isSpecial = (id: number | undefined) => id !== undefined && tokenizer.kindOf(id) === "special";

  // Special tokens around the text are no part of it, unless they are written in it.
  let start = 0;
  let end = given.length;
  while (start < end && isSpecial(given[start]) && !text.startsWith(wordsOf(tokenizer, given[start] as number))) start++;
  while (end > start && isSpecial(given[end - 1]) && !text.endsWith(wordsOf(tokenizer, given[end - 1] as number))) end--;
  const body = given.slice(start, end);
  const first = given[0];
  if (start > 1 && first !== undefined && given.slice(0, start).every((id) => id === first))
    faults.push({ kind: "doubled-bos", id: first, count: start });
  const bos = addedFirst(tokenizer);
  if (bos !== undefined && start === 0 && given.length > 0) faults.push({ kind: "missing-bos", id: bos });

  const encoded = [tokenizer.encode(text, asText), tokenizer.encode(text, { allowedSpecial: "all" })];
  const own = encoded.find((ids) => isSame(ids, body)) ?? (encoded[0] as Uint32Array);
  if (isSame(own, body)) return { tokenizer: tokenizer.name, match: "exact", agreeing: given.length, of: given.length, faults };

  const { replacements } = editScript(body, own, quickSteps);
  const agreeing = body.length - replacements.reduce((sum, { a }) => sum + a.end - a.start, 0);
  const firstDifference = start + (replacements[0]?.a.start ?? 0);
  const match = { tokenizer: tokenizer.name, agreeing, of: given.length, firstDifference, faults };
  const offset = offsetOf(own, body);
  if (offset !== undefined) return { ...match, match: "part", faults: [...faults, { kind: "offset", by: offset }] };
  if (unknown.length > 0) return { ...match, match: "no", faults: [...faults, { kind: "unknown-ids", positions: unknown }] };
  const fault = faultOfText(tokenizer, text, body);
  if (fault) return { ...match, match: fault.kind === "other-cut" ? "text" : "part", faults: [...faults, fault] };
  return { ...match, match: "no" };
}

/** The special token that goes before every text; undefined where there is none, or the tokenizer's file does not say. */
function addedFirst(tokenizer: Tokenizer): number | undefined {
  try {
    const [first] = tokenizer.encode("", { addSpecialTokens: true });
    return first !== undefined && tokenizer.kindOf(first) === "special" && tokenizer.encode("a", { addSpecialTokens: true })[0] === first
      ? first
      : undefined;
  } catch (error) {
    if (isCutawayError(error) && error.code === "unknown-post-processing") return undefined;
    throw error;
  }
}

/** Candidates by the dozen: agreement need not be counted to the last id. */
const quickSteps = 20_000_000;

/** How the text that the ids say is the text given, but for one thing. */
function faultOfText(tokenizer: Tokenizer, text: string, body: readonly number[]): IdFault | undefined {
  const bytes = tokenizer.decodeBytes(body);
  const said = decodeUtf8(bytes);
  if (said === text) return { kind: "other-cut", at: firstDifferent(tokenizer.encode(text, asText), body) };
  const lacking = lackingAtEnd(bytes);
  const whole = said.replace(/\ufffd+$/, "");
  if (lacking > 0 && whole !== "" && text.startsWith(whole)) return { kind: "cut-character", lacking };
  const isOwn = () => isSame(tokenizer.encode(said, asText), body);
  if (said !== "" && text.startsWith(said) && isOwnStart(tokenizer.encode(text, asText), body, isOwn)) return { kind: "cut-text", at: said.length };
  if (text !== "" && said.startsWith(text) && isOwn()) return { kind: "more-text", text: said.slice(text.length) };
  const readAs = (garbled: string) => findMojibake(garbled, 1)[0]?.readAs;
  if (repairMojibake(said) === text && isOwn()) return { kind: "mojibake", in: "ids", readAs: readAs(said) ?? "another encoding" };
  if (repairMojibake(text) === said && isOwn()) return { kind: "mojibake", in: "text", readAs: readAs(text) ?? "another encoding" };
  return undefined;
}

/** Ids cut off in the middle of a text are those of the whole text up to there, or those of the part alone. */
const isOwnStart = (own: Uint32Array, body: readonly number[], isOwn: () => boolean): boolean => body.every((id, at) => own[at] === id) || isOwn();

const wordsOf = (tokenizer: Tokenizer, id: number): string => decodeUtf8(tokenizer.bytesOf(id) ?? new Uint8Array());

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => a.length === b.length && firstDifferent(a, b) === a.length;

function firstDifferent(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

/** What was added to every id; undefined where that is nothing, or not the same for all, or where there are too few ids to say. */
function offsetOf(own: Uint32Array, body: readonly number[]): number | undefined {
  if (own.length !== body.length || own.length < 2) return undefined;
  const by = (body[0] as number) - (own[0] as number);
  return by !== 0 && body.every((id, at) => id - (own[at] as number) === by) ? by : undefined;
}
