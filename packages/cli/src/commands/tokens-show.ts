import { CutawayError, type EncodeOptions, type JsonValue, type TokenId, type Tokenizer, type TokenWithSpan } from "@cutaway/core";
import { startJsonList } from "../json-stream.ts";
import { moreTokens, renderStrip, renderTokenTable } from "../render/tokens.ts";
import type { Session } from "../session.ts";
import { blank, dim, line } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { chooseTokenizer, type TokensOptions, textToCount } from "./tokenizer-choice.ts";

export interface TokensShowOptions extends TokensOptions {
  strip?: boolean;
  addSpecialTokens?: boolean;
  offsets?: "utf16" | "bytes";
}

/** Rows that a person scrolls through. */
const mostRows = 2000;

export async function run([file]: string[], options: TokensShowOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const text = await textToCount(file, options, session);
  const { tokenizer, exact } = await chooseTokenizer(options);
  const { addSpecialTokens = false, offsets } = options;
  if (offsets && options.strip && !out.json) throw new CutawayError("usage", "--strip shows no offsets", { fix: "Leave out --offsets or --strip." });
  const encoding = { disallowedSpecial: "as-text", addSpecialTokens } as const;
  const tokens = offsets === "bytes" ? withByteOffsets(tokenizer, text, encoding) : tokenizer.encodeWithSpans(text, encoding);
  if (out.json) {
    const list = startJsonList(out, "cutaway/tokens", 1, "tokens");
    for (const { id, bytes, span } of tokens) list.push({ id, bytes: Array.from(bytes), start: span.start, end: span.end } satisfies JsonValue);
    list.end({ tokenizer: tokenizer.name, exact, ...(offsets && { offsets }) });
    return;
  }
  const shown = tokens.slice(0, mostRows);
  out.print(...renderStrip(shown, out.width, out.colour));
  if (!options.strip) out.print(blank, ...renderTokenTable(shown, out.width));
  if (shown.length < tokens.length) out.print(moreTokens(tokens.length - shown.length));
  out.say(line(dim(`${counted(tokens.length, "token")} · ${exact ? tokenizer.name : `estimate with ${tokenizer.name}`}`)));
}

/** Spans in bytes of the text's UTF-8 form. */
function withByteOffsets(tokenizer: Tokenizer, text: string, options: EncodeOptions): TokenWithSpan[] {
  const { ids, starts, ends } = tokenizer.encodeWithOffsets(text, { ...options, unit: "utf8" });
  return Array.from(ids, (id, at) => ({
    id: id as TokenId,
    bytes: tokenizer.bytesOf(id) ?? new Uint8Array(),
    span: { start: starts[at] as number, end: ends[at] as number },
  }));
}
