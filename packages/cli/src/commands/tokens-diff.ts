import { CutawayError, type JsonObject, type JsonValue, plain, type Tokenizer } from "@cutaway/core";
import { diffTokens, explainCountChange, type TokenDiff } from "@cutaway/tokenizer/explain";
import { renderSegmentations, renderTextDiff } from "../render/token-diff.ts";
import type { Session } from "../session.ts";
import { chooseTokenizer, textToCount } from "./tokenizer-choice.ts";

export interface TokensDiffOptions {
  tokenizer?: string[];
  model?: string;
  text?: string[];
  full?: boolean;
}

export async function run(files: string[], options: TokensDiffOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const { tokenizer: names = [], model, full = false } = options;
  const sources = [
    ...files.map((file) => ({ file, name: file === "-" ? "standard input" : file })),
    ...(options.text ?? []).map((text) => ({ text })),
  ];
  const isTwoTokenizers = names.length === 2;
  if (names.length > 2) throw wrong("--tokenizer is given more than twice", "Two tokenizers are compared, not more.");
  if (sources.length !== (isTwoTokenizers ? 1 : 2))
    throw wrong(
      `${sources.length === 0 ? "no text is" : sources.length === 1 ? "one text is" : `${sources.length} texts are`} given`,
      "Give two texts, or one text and --tokenizer twice; a text is a file, - or --text.",
    );
  if (files.filter((file) => file === "-").length > 1) throw wrong("standard input is named twice", "It can be read once.");
  const texts: { name: string; text: string }[] = [];
  for (const [i, source] of sources.entries()) {
    const text = "text" in source ? source.text : await textToCount(source.file, {}, session);
    texts.push({ text, name: "text" in source ? (["first text", "second text"][i] ?? "text") : source.name });
  }
  const chosen: { tokenizer: Tokenizer; exact: boolean }[] = [];
  for (const name of names.length === 0 ? [undefined] : names) {
    chosen.push(await chooseTokenizer({ ...(name !== undefined && { tokenizer: name }), ...(model !== undefined && { model }) }));
  }
  const [first = { name: "", text: "" }, second = first] = texts;
  const [one, other = one] = chosen as [(typeof chosen)[number], (typeof chosen)[number] | undefined];
  const view = { width: out.width, colour: out.colour, full };
  if (isTwoTokenizers) {
    const diff = diffTokens({ tokenizer: one.tokenizer, text: first.text }, { tokenizer: other.tokenizer, text: first.text });
    if (out.json)
      out.printJson({
        ...header,
        kind: diff.kind,
        ...json(diff),
        changes: diff.changes.map((change): JsonValue => ({ ...(plain(change) as JsonObject), ...sidesOf(diff, change) })),
      });
    else out.print(...renderSegmentations(diff, one.tokenizer, other.tokenizer, view));
    return;
  }
  const change = explainCountChange(one.tokenizer, first.text, second.text);
  if (out.json) {
    const { regions, sameStart, sameEnd } = change;
    out.printJson({
      ...header,
      kind: change.diff.kind,
      exact: one.exact,
      ...json(change.diff),
      sameStart,
      sameEnd,
      changes: regions.map((region): JsonValue => ({ ...(plain(region) as JsonObject), ...sidesOf(change.diff, region) })),
    });
  } else out.print(...renderTextDiff(change, one, [first.name, second.name], view));
}

const header = { schema: "cutaway/token-diff", version: 1 } as const;

const json = ({ a, b, same, removed, added, minimal }: TokenDiff) => ({
  a: { tokenizer: a.tokenizer, tokens: a.tokens.ids.length, characters: a.text.length },
  b: { tokenizer: b.tokenizer, tokens: b.tokens.ids.length, characters: b.text.length },
  same,
  removed,
  added,
  minimal,
});

const sidesOf = ({ a, b }: TokenDiff, change: TokenDiff["changes"][number]) => ({
  before: { text: a.text.slice(change.textA.start, change.textA.end), ids: Array.from(a.tokens.ids.subarray(change.a.start, change.a.end)) },
  after: { text: b.text.slice(change.textB.start, change.textB.end), ids: Array.from(b.tokens.ids.subarray(change.b.start, change.b.end)) },
});

const wrong = (what: string, fix: string) => new CutawayError("usage", what, { fix });
