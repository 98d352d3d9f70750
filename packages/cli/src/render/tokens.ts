import type { TokenWithSpan } from "@cutaway/core";
import { dim, type Line, line, type Piece, type Style } from "../terminal/line.ts";
import { count } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { graphemes, widthOf } from "../terminal/width.ts";

/**
 * A text with its tokens set apart: alternating backgrounds in colour, a bar between tokens without.
 * Spaces show as dots, line breaks as ⏎ and as themselves.
 */
export function renderStrip(tokens: readonly TokenWithSpan[], width: number, colour: boolean): Line[] {
  const lines: Line[] = [];
  let current: Piece[] = [];
  let used = 0;
  const feed = () => {
    lines.push(current);
    current = [];
    used = 0;
  };
  const put = (text: string, style: Style) => {
    if (text !== "") current.push(colour ? { text, style } : { text });
  };
  tokens.forEach((token, i) => {
    const style: Style = i % 2 === 0 ? "token-even" : "token-odd";
    const shown = tokenText(token.bytes);
    for (const part of shown.split(/(?<=\n)/)) {
      let run = "";
      for (const grapheme of graphemes(part.replace("\n", "⏎"))) {
        if (used + widthOf(grapheme) > width - 1) {
          put(run, style);
          run = "";
          feed();
        }
        run += grapheme;
        used += widthOf(grapheme);
      }
      put(run, style);
      if (part.endsWith("\n")) feed();
    }
    if (!colour && i < tokens.length - 1) {
      if (used + 1 > width - 1) feed();
      if (used > 0) {
        current.push(dim("|"));
        used++;
      }
    }
  });
  if (current.length > 0) feed();
  return lines;
}

/** Every token on a line: place, id, text, bytes, UTF-16 range. */
export function renderTokenTable(tokens: readonly TokenWithSpan[], width: number): Line[] {
  return table(
    [
      { header: "#", align: "right" },
      { header: "id", align: "right" },
      { header: "token" },
      { header: "offset", align: "right" },
      { header: "bytes", least: 11 },
    ],
    tokens.map((token, i) => [
      dim(count(i)),
      String(token.id),
      { text: tokenText(token.bytes), style: i % 2 === 0 ? "token-even" : "token-odd" },
      `${token.span.start}–${token.span.end}`,
      dim(hex(token.bytes)),
    ]),
    width,
  );
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The token's own text, spaces as dots; bytes that are half a character as `<e6 97>`. */
export function tokenText(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes).replaceAll(" ", "·");
    return joinersOnly.test(text) ? Array.from(text, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`).join("") : text;
  } catch {
    return `<${hex(bytes)}>`;
  }
}

/** Joiners and marks that would draw on their neighbours, or not at all. */
const joinersOnly = /^[\p{M}\u200d]+$/u;

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

export const moreTokens = (left: number): Line => line(dim(`and ${count(left)} more; --json has them all`));
