import type { TokenId, Tokenizer } from "@cutaway/core";
import type { VocabularyEntry } from "@cutaway/tokenizer/explain";
import { type Line, line } from "../terminal/line.ts";
import { count } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { tokenText } from "./tokens.ts";

export interface FoundToken {
  entry: VocabularyEntry;
  /** What there is to say of it, in short. */
  says: readonly string[];
  /** What its own text becomes instead of it. */
  becomes?: readonly TokenId[];
}

/** Every token on a line: id, text, what there is to say under the heading. */
export function renderFound(found: readonly FoundToken[], tokenizer: Tokenizer, heading: string, width: number): Line[] {
  if (found.length === 0) return [line("None.")];
  return table(
    [
      { header: "id", align: "right" },
      { header: "token", least: 24 },
      { header: heading, least: 30 },
      { header: "becomes", least: 10 },
    ],
    found.map(({ entry, says, becomes }) => [
      String(entry.id),
      { text: tokenText(entry.bytes), style: "strong" },
      says.join(", "),
      (becomes ?? []).map((id) => tokenText(tokenizer.bytesOf(id) ?? new Uint8Array())).join("|"),
    ]),
    width,
  );
}

export function renderClasses(classes: readonly { class: string; tokens: number; bytes: number }[], width: number): Line[] {
  return table(
    [{ header: "class" }, { header: "tokens", align: "right" }, { header: "bytes a token", align: "right" }],
    classes.map((one) => [one.class, count(one.tokens), (one.bytes / one.tokens).toFixed(1)]),
    width,
  );
}
