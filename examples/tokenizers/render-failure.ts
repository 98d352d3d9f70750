import type { Tokenizer, TokenTrace, TracePiece } from "@cutaway/core";
import type { Cause, FailingInput } from "./find-causes.ts";

export interface Mended {
  text: string;
  tokenizer: string;
  tokens: number;
  causes: Cause[];
}

/** What the tokenizer made of an input, step by step, and what went wrong. */
export function renderFailure(input: FailingInput, tokenizer: Tokenizer, trace: TokenTrace, causes: Cause[], mended: Mended | undefined): string[] {
  const ids = [...(input.ids ?? trace.ids)];
  const pieces = trace.stretches.flatMap((stretch) => (stretch.kind === "text" ? stretch.pieces : []));
  const normalized = trace.stretches.flatMap((stretch) => (stretch.kind === "text" ? stretch.normalizations : []));
  const from = input.focus === undefined ? 0 : input.text.indexOf(input.focus);
  const to = input.focus === undefined ? input.text.length : from + input.focus.length;
  const merged = pieces.filter(({ span, found }) => span.start < to && span.end > from && found.by !== "whole-piece");
  const lines = [
    `## ${input.name}`,
    `failure     ${input.failure}`,
    `input       ${JSON.stringify(input.text)}`,
    `tokenizer   ${tokenizer.name}`,
    `normalised  ${normalized.length === 0 ? "as given" : normalized.map(({ step, text }) => `${step} → ${JSON.stringify(text)}`).join("; ")}`,
    `pre-tokens  ${pieces.map(({ text }) => text).join("|")}`,
    ...merged.slice(0, mostPieces).map((piece) => `merges      ${steps(piece, tokenizer)}`),
    `ids         ${ids.join(" ")}`,
    `decoded     ${JSON.stringify(tokenizer.decode(ids))}`,
    ...(causes.length === 0
      ? ["cause       none that the tokens show: look elsewhere"]
      : causes.flatMap(({ cause, says, fix }) => [`cause       ${cause}: ${says}`, `fix         ${fix}`])),
    ...(mended
      ? [
          `mended      ${JSON.stringify(mended.text)} in ${mended.tokenizer}: ${mended.tokens} tokens, ${mended.causes.length === 0 ? "no cause left" : `left: ${mended.causes.map(({ cause }) => cause).join(", ")}`}`,
        ]
      : []),
  ];
  return lines.map(shown);
}

const mostPieces = 4;
const mostSteps = 6;

/** `T|H|X → TH|X`: from single symbols, merge by merge. */
function steps({ text, tokens, found }: TracePiece, tokenizer: Tokenizer): string {
  if (found.by !== "merges") return `${text} → ${tokens.map(({ id }) => word(tokenizer.bytesOf(id))).join("|")} (${found.by})`;
  const symbols = found.symbols.map(({ bytes }) => bytes);
  const rows = [symbols.map(word).join("|")];
  for (const { at, result } of found.merges) {
    symbols.splice(at, 2, tokenizer.bytesOf(result) ?? new Uint8Array());
    rows.push(symbols.map(word).join("|"));
  }
  const left = rows.length - mostSteps;
  return (left > 0 ? [...rows.slice(0, 3), `… ${left} more …`, ...rows.slice(3 - mostSteps)] : rows).join(" → ");
}

/** Bytes as text, those that are none by their numbers. */
function word(bytes: Uint8Array | undefined): string {
  const text = new TextDecoder().decode(bytes);
  return text.includes("\ufffd") ? Array.from(bytes ?? [], (byte) => `<${byte.toString(16).toUpperCase().padStart(2, "0")}>`).join("") : text;
}

/** Characters that show nothing, reorder what is around them or are half of one are shown by their numbers. */
function shown(line: string): string {
  return line.replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200c\u200e-\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Cs}]/gu,
    (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
}
