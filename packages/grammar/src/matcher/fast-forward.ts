import type { Tokenizer } from "@cutaway/core";
import { tokenBytes, type Vocabulary } from "../vocabulary/vocabulary.ts";
import type { GrammarState } from "./grammar-state.ts";
import { placesOf } from "./nearest.ts";
import { Runs } from "./runs.ts";

export interface FastForward {
  /** Tokens that need not be chosen: what the tokenizer gives for the forced bytes. */
  ids: number[];
  /** After them. */
  state: GrammarState;
}

/** A token may begin so many tokens before the end of the forced bytes and still reach beyond it. */
const mostDropped = 4;

/**
 * Tokens that follow without a choice. The last ones are left to the model where some token of the vocabulary spans the end of the forced bytes: forcing them
 * would cut a text where the model never saw one cut. None where the tokenizer does not give the forced bytes back as they are.
 * source  the rule of dropping is llguidance's, docs/fast_forward.md.
 */
export function fastForward(state: GrammarState, tokenizer: Tokenizer): FastForward {
  const { vocabulary } = state.grammar;
  const forced = state.forcedBytes();
  const whole = forced.subarray(0, wholeCharacters(forced));
  if (whole.length === 0) return { ids: [], state };
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(whole);
  const ids = tokensWithin(text, whole, tokenizer, vocabulary) ?? [];
  const starts: number[] = [];
  let length = 0;
  for (const id of ids) {
    starts.push(length);
    length += tokenBytes(vocabulary, id).length;
  }
  let kept = ids.length;
  for (let i = ids.length - 1; i >= Math.max(0, ids.length - mostDropped); i--) if (spansEnd(state, forced, starts[i] as number)) kept = i;
  ids.length = kept;
  let next = state;
  for (const id of ids) next = next.accept(id);
  return { ids, state: next };
}

/**
 * The tokenizer's tokens for a text that stands within a longer one. Some tokenizers put a space before a text: behind a line break they do not. `undefined`
 * where no way gives just the text's bytes.
 */
function tokensWithin(text: string, bytes: Uint8Array, tokenizer: Tokenizer, vocabulary: Vocabulary): number[] | undefined {
  for (const lead of ["", "\n"]) {
    const ids = [...tokenizer.encode(lead + text, { disallowedSpecial: "as-text" })];
    let left = bytes.length;
    let first = ids.length;
    while (left > 0 && first > 0) left -= tokenBytes(vocabulary, ids[--first] as number).length;
    const within = ids.slice(first);
    const spelled = within.flatMap((id) => [...tokenBytes(vocabulary, id)]);
    if (left === 0 && spelled.every((byte, i) => byte === bytes[i])) return within;
  }
  return undefined;
}

/** Whether a token that may come begins at `from` and reaches beyond the forced bytes. */
function spansEnd(state: GrammarState, forced: Uint8Array, from: number): boolean {
  const { expressions, vocabulary, masks } = state.grammar;
  const after = expressions.deriveAll(state.node, forced);
  for (const { place, kind } of placesOf(vocabulary.tries, forced.subarray(from))) {
    const found = new Runs();
    masks.below(after, place, kind, found);
    if (found.count > 0) return true;
  }
  return false;
}

/** Bytes up to the last whole character of what begins as valid UTF-8. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let end = bytes.length; end > Math.max(0, bytes.length - 4); end--) {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end));
      return end;
    } catch {
      // The last character is not whole here; one byte less.
    }
  }
  return 0;
}
