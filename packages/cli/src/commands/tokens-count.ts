import type { EncodeOptions } from "@cutaway/core";
import type { Session } from "../session.ts";
import { dim, line, piece, strong } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { fitEnd } from "../terminal/width.ts";
import { chooseTokenizer, type TokensOptions, textToCount } from "./tokenizer-choice.ts";

export interface TokensCountOptions extends TokensOptions {
  addSpecialTokens?: boolean;
  limit?: number;
}

export async function run([file]: string[], options: TokensCountOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const { addSpecialTokens = false, limit } = options;
  const text = await textToCount(file, options, session);
  const { tokenizer, exact } = await chooseTokenizer(options);
  const encoding: EncodeOptions = { disallowedSpecial: "as-text", addSpecialTokens };
  const name = exact ? tokenizer.name : `estimate with ${tokenizer.name}`;
  const tokens = limit === undefined ? tokenizer.count(text, encoding) : tokenizer.countWithinLimit(text, limit, encoding);
  const bytes = Buffer.byteLength(text);
  if (tokens === undefined) {
    const end = endOfFirst(tokenizer.encodeWithOffsets(text, encoding).ends, limit ?? 0, text);
    if (out.json) {
      out.printJson({ ...header, within: false, limit: limit ?? 0, end, exact, tokenizer: tokenizer.name, characters: text.length, bytes });
      return;
    }
    const tail = end === 0 ? "before the text" : `after character ${count(end)}, …${fitEnd(text.slice(0, end), 24)}`;
    out.print(line(piece("✗ ", "warning"), strong(`more than ${counted(limit ?? 0, "token")}`), dim(`  ${name} · the limit falls ${tail}`)));
    return;
  }
  if (out.json) {
    const within = limit === undefined ? {} : { within: true, limit };
    out.printJson({ ...header, tokens, ...within, exact, tokenizer: tokenizer.name, characters: text.length, bytes });
    return;
  }
  const perToken = tokens === 0 ? "" : `, ${(bytes / tokens).toFixed(2)} bytes a token`;
  const room = limit === undefined ? "" : ` · ${count(limit - tokens)} below the limit`;
  out.print(line(strong(count(tokens)), tokens === 1 ? " token" : " tokens", dim(`  ${name} · ${counted(bytes, "byte")}${perToken}${room}`)));
}

const header = { schema: "cutaway/token-count", version: 1 } as const;

/** Where the first `limit` tokens end, on a character that is whole. */
function endOfFirst(ends: Uint32Array, limit: number, text: string): number {
  if (limit === 0) return 0;
  const end = ends[limit - 1] ?? text.length;
  // Tokens that split a character end where it does: the one that the limit cuts goes too.
  const next = ends[limit];
  if (next !== end) return end;
  let whole = limit - 1;
  while (whole > 0 && ends[whole - 1] === end) whole--;
  return whole === 0 ? 0 : (ends[whole - 1] as number);
}
