import type { Session } from "../session.ts";
import { dim, line, strong } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { chooseTokenizer, type TokensOptions, textToCount } from "./tokenizer-choice.ts";

export async function run([file]: string[], options: TokensOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const text = await textToCount(file, options, session);
  const { tokenizer, exact } = await chooseTokenizer(options);
  const tokens = tokenizer.count(text, { disallowedSpecial: "as-text" });
  const bytes = Buffer.byteLength(text);
  if (out.json) {
    out.printJson({ schema: "cutaway/token-count", version: 1, tokens, exact, tokenizer: tokenizer.name, characters: text.length, bytes });
    return;
  }
  const perToken = tokens === 0 ? "" : `, ${(bytes / tokens).toFixed(2)} bytes a token`;
  out.print(
    line(
      strong(count(tokens)),
      tokens === 1 ? " token" : " tokens",
      dim(`  ${exact ? tokenizer.name : `estimate with ${tokenizer.name}`} · ${counted(bytes, "byte")}${perToken}`),
    ),
  );
}
