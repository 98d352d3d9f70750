import { CutawayError, decodeUtf8, encodeUtf8, type LanguagePlace, type Tokenizer } from "@cutaway/core";
import { createGrammar, type Language, placesOf, sayExpected } from "@cutaway/grammar";
import { placesText } from "../render/held.ts";
import { tokenText } from "../render/tokens.ts";
import { dim, good, type Line, line, piece } from "../terminal/line.ts";
import { wrap } from "../terminal/wrap.ts";

/** Whether a token may come after a text, and why. */
export interface TokenReport {
  token: { id: number; text: string };
  tokenizer: string;
  allowed: boolean;
  /** Tokens that may come there, of how many. */
  allowedTokens: number;
  vocabulary: number;
  /** The first byte that cannot stand there; absent where all may. */
  deadByte?: number;
  expected: string;
  places: LanguagePlace[];
  /** Which of its bytes are taken by what. */
  parts: { from: number; to: number; places: LanguagePlace[] }[];
  nearest?: { id: number; text: string };
}

/** @throws `not-one-token`, `text-not-of-language` */
export function explainToken(language: Language, tokenizer: Tokenizer, before: string, token: string): TokenReport {
  const id = onlyToken(tokenizer, token);
  const state = createGrammar(tokenizer, language).start().afterBytes(encodeUtf8(before));
  if (!state) {
    throw new CutawayError("text-not-of-language", "the text before the token is no beginning of a text of the language", {
      fix: "Leave --explain out to see where it breaks.",
    });
  }
  const { allowed, dead, nearest, parts } = state.explain(id);
  const expected = dead?.expected ?? state.expected();
  return {
    token: { id, text: token },
    tokenizer: tokenizer.name,
    allowed,
    allowedTokens: state.mask().reduce((sum, word) => sum + bitsIn(word), 0),
    vocabulary: tokenizer.vocabSize,
    ...(dead && { deadByte: dead.index }),
    expected: sayExpected(expected),
    places: placesOf(expected.sources),
    parts: parts.map(({ from, to, sources }) => ({ from, to, places: placesOf(sources) })),
    ...(nearest && { nearest: { id: nearest.id, text: decodeUtf8(nearest.bytes) } }),
  };
}

export function renderTokenReport(report: TokenReport, width: number): Line[] {
  const { token, tokenizer, allowed, allowedTokens, vocabulary, deadByte, expected, places, parts, nearest } = report;
  const by = placesText(places);
  const shown = `“${tokenText(encodeUtf8(token.text))}”`;
  const verdict = allowed
    ? line(good("✓"), ` ${shown} may come there.`)
    : line(piece("✗", "problem"), ` ${shown} cannot come there: ${deadByte ? `its first ${deadByte} bytes may, then ` : ""}${expected} has to come.`);
  return [
    ...wrap(verdict, width, 2),
    ...(by === "" || allowed ? [] : [line(dim(`  by ${by}`))]),
    ...parts
      .filter(({ places: takers }) => takers.length > 0)
      .map(({ from, to, places: takers }) => line(dim(`  bytes ${from} to ${to - 1} are taken by ${placesText(takers)}`))),
    ...(nearest ? [line(`  nearest that may come: “${tokenText(encodeUtf8(nearest.text))}”`, dim(` (id ${nearest.id})`))] : []),
    line(
      dim(
        `  token ${token.id} of ${tokenizer}; ${allowedTokens.toLocaleString("en-US")} of ${vocabulary.toLocaleString("en-US")} tokens may come there`,
      ),
    ),
  ];
}

function onlyToken(tokenizer: Tokenizer, text: string): number {
  const special = tokenizer.specialTokens.get(text);
  if (special !== undefined) return special;
  const ids = tokenizer.encode(text, { disallowedSpecial: "as-text" });
  const [id] = ids;
  if (ids.length === 1 && id !== undefined) return id;
  throw new CutawayError("not-one-token", `${JSON.stringify(text)} is ${ids.length} tokens of ${tokenizer.name}`, {
    fix: `Give one of them: ${Array.from(ids, (one) => JSON.stringify(tokenizer.decode([one]))).join(", ")}.`,
  });
}

function bitsIn(word: number): number {
  let bits = 0;
  for (let left = word; left !== 0; left &= left - 1) bits++;
  return bits;
}
