import type { EncodeOptions, Span, Tokenizer } from "@cutaway/core";
import { diffTokens, type TokenChange, type TokenDiff } from "./diff-tokens.ts";

/**
 * What happened to the tokens of one region.
 * `added`, `removed`: whole tokens came or went, none beside them changed. `replaced`: text gave way to other text.
 * Text was only put in, or only taken out, and its neighbours were cut otherwise for it: `merged`, `split`: into fewer (more) tokens than both would be by
 * themselves; `regrouped`: into as many.
 */
export type CountCause = "added" | "removed" | "replaced" | "merged" | "split" | "regrouped";

export interface CountRegion extends TokenChange {
  cause: CountCause;
  /** Tokens more (fewer: negative) than before. */
  change: number;
  /** The edit inside the region: what stands in A and no longer in B, and what stands in B instead. UTF-16 units; both empty where only the cut changed. */
  removedText: Span;
  addedText: Span;
  /** What the edit counts by itself: added text less removed text. Where `change` is less, the neighbours took the edit in. */
  alone: number;
}

export interface CountChange {
  before: number;
  after: number;
  /** Tokens that are the same before and after: at the start, at the end (none where nothing changed: all are at the start), and in all. */
  sameStart: number;
  sameEnd: number;
  same: number;
  /** In order; their changes add up to `after - before`. */
  regions: CountRegion[];
  diff: TokenDiff;
}

/** Why a prompt's count changed: the regions whose tokens are others, and whether text came, went, or was cut otherwise. */
export function explainCountChange(tokenizer: Tokenizer, before: string, after: string, options?: EncodeOptions): CountChange {
  const diff = diffTokens({ tokenizer, text: before }, { tokenizer, text: after }, options);
  const regions = diff.changes.map((change) => regionOf(tokenizer, diff, change));
  const [countBefore, countAfter] = [diff.a.tokens.ids.length, diff.b.tokens.ids.length];
  return {
    before: countBefore,
    after: countAfter,
    sameStart: diff.changes[0]?.a.start ?? countBefore,
    sameEnd: countBefore - (diff.changes.at(-1)?.a.end ?? countBefore),
    same: diff.same,
    regions,
    diff,
  };
}

function regionOf(tokenizer: Tokenizer, diff: TokenDiff, change: TokenChange): CountRegion {
  const was = diff.a.text.slice(change.textA.start, change.textA.end);
  const is = diff.b.text.slice(change.textB.start, change.textB.end);
  const start = sharedStart(was, is);
  const end = sharedEnd(was, is, Math.min(was.length, is.length) - start);
  const removedText = { start: change.textA.start + start, end: change.textA.end - end };
  const addedText = { start: change.textB.start + start, end: change.textB.end - end };
  const counted = (text: string) => tokenizer.count(text, { disallowedSpecial: "as-text" });
  const edit = { removed: was.slice(start, was.length - end), added: is.slice(start, is.length - end) };
  const alone = counted(edit.added) - counted(edit.removed);
  const grown = change.b.end - change.b.start - (change.a.end - change.a.start);
  return { ...change, cause: causeOf(was, is, edit, grown - alone), change: grown, removedText, addedText, alone };
}

/** more  tokens than before, beyond what the edit counts by itself. */
function causeOf(was: string, is: string, { removed, added }: { removed: string; added: string }, more: number): CountCause {
  if (was === "") return "added";
  if (is === "") return "removed";
  if (removed !== "" && added !== "") return "replaced";
  return more < 0 ? "merged" : more > 0 ? "split" : "regrouped";
}

function sharedStart(a: string, b: string): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++;
  return shared;
}

function sharedEnd(a: string, b: string, most: number): number {
  let shared = 0;
  while (shared < most && a.charCodeAt(a.length - 1 - shared) === b.charCodeAt(b.length - 1 - shared)) shared++;
  return shared;
}
