import { CutawayError, type TokenTrace } from "@cutaway/core";
import { renderPiece, renderTrace } from "../render/trace.ts";
import { tracePieces } from "../render/trace-pieces.ts";
import type { Session } from "../session.ts";
import { dim, line } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { chooseTokenizer, type TokensOptions, textToCount } from "./tokenizer-choice.ts";

export interface TokensTraceOptions extends TokensOptions {
  addSpecialTokens?: boolean;
  piece?: number;
  full?: boolean;
}

export async function run([file]: string[], options: TokensTraceOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const { addSpecialTokens = false, piece: number, full = false } = options;
  const text = await textToCount(file, options, session);
  const { tokenizer, exact } = await chooseTokenizer(options);
  const trace = tokenizer.trace(text, { disallowedSpecial: "as-text", addSpecialTokens });
  const pieces = tracePieces(trace);
  if (number !== undefined && number >= pieces.length) {
    throw new CutawayError("bad-option", `--piece: there is no piece ${number}, the text has ${counted(pieces.length, "piece")}`, {
      fix: pieces.length === 0 ? "Give some text." : `Give a number from 0 to ${pieces.length - 1}.`,
    });
  }
  if (out.json) {
    const opened = number === undefined ? {} : { piece: number };
    out.write(
      `${JSON.stringify({ schema: "cutaway/token-trace", version: 1, tokenizer: tokenizer.name, exact, ...opened, ...asJson(trace, number, pieces) })}\n`,
    );
    return;
  }
  const name = exact ? tokenizer.name : `estimate with ${tokenizer.name}`;
  const opened = number === undefined ? undefined : pieces[number];
  if (opened) out.print(...renderPiece(opened, tokenizer, { width: out.width, colour: out.colour, full }));
  else out.print(...renderTrace(trace, pieces, tokenizer, { width: out.width, colour: out.colour, full }));
  out.say(line(dim(`${counted(pieces.length, "piece")}, ${counted(trace.ids.length, "token")} · ${name}, ${tokenizer.family}`)));
}

/** Bytes and ids as arrays of numbers, as in `tokens show --json`. */
function asJson(trace: TokenTrace, piece: number | undefined, pieces: ReturnType<typeof tracePieces>): object {
  const value = piece === undefined ? trace : { text: trace.text, found: pieces[piece] };
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (ArrayBuffer.isView(item) ? Array.from(item as Uint8Array) : item))) as object;
}
