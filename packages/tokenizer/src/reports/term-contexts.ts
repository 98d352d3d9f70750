import type { Tokenizer, TokenWithSpan } from "@cutaway/core";
import type { TermContext, TermFigures } from "./report-types.ts";

/** Running text around a term: an article before it, a verb after it. */
const sentence = { before: "Please check the ", after: " again today." };

/** A term where it may stand, and how it is cut there. */
export function termContexts(
  tokenizer: Tokenizer,
  term: string,
): Pick<TermFigures, "alone" | "afterSpace" | "inSentence" | "upperCase" | "lowerCase"> {
  const running = (text: string) => contextOf(tokenizer, sentence.before, text, sentence.after);
  return {
    alone: contextOf(tokenizer, "", term, ""),
    afterSpace: contextOf(tokenizer, " ", term, ""),
    inSentence: running(term),
    upperCase: running(term.toUpperCase()),
    lowerCase: running(term.toLowerCase()),
  };
}

/** Tokens of a term in running text. */
export const runningTokens = (tokenizer: Tokenizer, term: string): number => contextOf(tokenizer, sentence.before, term, sentence.after).tokens;

/** The tokens that cover any of the term or of the space before it; alone, all there are. */
function contextOf(tokenizer: Tokenizer, before: string, term: string, after: string): TermContext {
  const text = before + term + after;
  const start = before.length;
  const end = start + term.length;
  const from = before.endsWith(" ") ? start - 1 : start;
  const all = tokenizer.encodeWithSpans(text, { disallowedSpecial: "as-text" });
  const tokens = before === "" && after === "" ? all : all.filter(({ span }) => span.start < end && span.end > from);
  const cuts = tokens.map(({ span }) => span.end - start).filter((cut) => cut > 0 && cut < term.length);
  return {
    text: term,
    tokens: tokens.length,
    ids: tokens.map(({ id }) => id),
    pieces: tokens.map((token) => pieceOf(token, text)),
    cuts: [...new Set(cuts)],
  };
}

/** What the token covers of the text; a part of a character as its bytes. */
function pieceOf({ bytes, span }: TokenWithSpan, text: string): string {
  return isText(bytes) ? text.slice(span.start, span.end) : Array.from(bytes, byteWord).join("");
}

const byteWord = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `<${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
