import type { Span, Tokenizer } from "@cutaway/core";
import type { CountChange, CountRegion, TokenDiff, TokenDiffSide } from "@cutaway/tokenizer/explain";
import { blank, dim, type Line, line, piece, strong } from "../terminal/line.ts";
import { count, counted, percent } from "../terminal/numbers.ts";
import { elide } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { tokenRun } from "./token-run.ts";
import { tokenText } from "./tokens.ts";

export interface DiffView {
  width: number;
  colour: boolean;
  full: boolean;
}

const mostChanges = 20;

/** What an edit did to the tokens: both counts, then every region that changed, with the reason. */
export function renderTextDiff(
  change: CountChange,
  { tokenizer, exact }: { tokenizer: Tokenizer; exact: boolean },
  [before, after]: [string, string],
  view: DiffView,
): Line[] {
  const { diff, regions } = change;
  const by = change.after - change.before;
  const nameWidth = Math.min(Math.max(before.length, after.length), 40);
  const head = [
    line(piece("- ", "removed"), elide(before, nameWidth).padEnd(nameWidth), "  ", counted(change.before, "token")),
    line(
      piece("+ ", "added"),
      elide(after, nameWidth).padEnd(nameWidth),
      "  ",
      strong(counted(change.after, "token")),
      dim(by === 0 ? "" : `  ${signed(by)}`),
    ),
    line(
      dim(
        `  ${exact ? tokenizer.name : `estimate with ${tokenizer.name}`}: ${count(change.same)} the same, ${count(diff.removed)} went, ${count(diff.added)} came`,
      ),
    ),
  ];
  if (regions.length === 0) return [...head, blank, line("Both are the same tokens.")];
  const shown = view.full ? regions : regions.slice(0, mostChanges);
  return [
    ...head,
    ...shown.flatMap((region) => [blank, ...regionLines(region, diff, tokenizer, view)]),
    ...leftOut(regions.length - shown.length),
    ...(diff.minimal ? [] : [line(dim("The texts are so large and so different that this may not be the least that changed."))]),
  ];
}

function regionLines(region: CountRegion, diff: TokenDiff, tokenizer: Tokenizer, view: DiffView): Line[] {
  const text = { start: region.textB.start, end: region.textB.end };
  return [
    ...wrap(line(strong(`token ${count(region.b.start)}`), dim(`, character ${count(text.start)}: `), reasonOf(region, diff)), view.width, 2),
    ...(region.a.end > region.a.start ? [side("- ", "removed", diff.a, region.a, tokenizer, view)] : []),
    ...(region.b.end > region.b.start ? [side("+ ", "added", diff.b, region.b, tokenizer, view)] : []),
  ];
}

function reasonOf(region: CountRegion, { a, b }: TokenDiff): string {
  const was = quoted(a.text.slice(region.removedText.start, region.removedText.end));
  const is = quoted(b.text.slice(region.addedText.start, region.addedText.end));
  const edit = was === quoted("") ? `${is} was added` : `${was} was taken out`;
  const by = `${signed(region.change)} in all, ${signed(region.alone)} alone`;
  switch (region.cause) {
    case "added":
      return `${is} was added, ${signed(region.change)}`;
    case "removed":
      return `${was} was taken out, ${signed(region.change)}`;
    case "replaced":
      return `${was} became ${is}, ${signed(region.change)}`;
    case "merged":
      return `${edit}, and its neighbours make longer tokens with ${was === quoted("") ? "it" : "each other"} (${by})`;
    case "split":
      return `${edit}, and its neighbours are cut into more tokens (${by})`;
    case "regrouped":
      return region.alone === 0 && region.removedText.start === region.removedText.end && is === quoted("")
        ? "the same text is cut otherwise, for what stands beside it"
        : `${edit}, and its neighbours are cut otherwise, into as many (${signed(region.change)})`;
  }
}

/** Where two tokenizers cut one text differently, region by region. */
export function renderSegmentations(diff: TokenDiff, a: Tokenizer, b: Tokenizer, view: DiffView): Line[] {
  const nameWidth = Math.max(diff.a.tokenizer.length, diff.b.tokenizer.length);
  const [tokensA, tokensB] = [diff.a.tokens.ids.length, diff.b.tokens.ids.length];
  const covered = diff.changes.reduce((sum, { textA }) => sum + textA.end - textA.start, 0);
  const head = [
    line(piece("- ", "removed"), diff.a.tokenizer.padEnd(nameWidth), "  ", counted(tokensA, "token")),
    line(
      piece("+ ", "added"),
      diff.b.tokenizer.padEnd(nameWidth),
      "  ",
      strong(counted(tokensB, "token")),
      dim(tokensA === tokensB ? "" : `  ${signed(tokensB - tokensA)}`),
    ),
  ];
  if (diff.changes.length === 0) return [...head, line(dim("  cut alike everywhere"))];
  const shown = view.full ? diff.changes : diff.changes.slice(0, mostChanges);
  return [
    ...head,
    line(dim(`  cut differently in ${counted(diff.changes.length, "place")}, ${percent(covered / Math.max(1, diff.a.text.length))} of the text`)),
    ...shown.flatMap((change) => [
      blank,
      line(
        strong(`character ${count(change.textA.start)}`),
        "  ",
        elide(dotted(diff.a.text.slice(change.textA.start, change.textA.end)), view.width - 24),
      ),
      side("- ", "removed", diff.a, change.a, a, view),
      side("+ ", "added", diff.b, change.b, b, view),
    ]),
    ...leftOut(diff.changes.length - shown.length),
  ];
}

function side(sign: string, style: "added" | "removed", { tokens }: TokenDiffSide, { start, end }: Span, tokenizer: Tokenizer, view: DiffView): Line {
  const number = String(end - start).padStart(3);
  const run = Array.from(tokens.ids.subarray(start, Math.min(end, start + view.width)), (id) => ({
    text: tokenText(tokenizer.bytesOf(id) ?? new Uint8Array()),
    id,
  }));
  return line(piece(sign, style), dim(`${number}  `), ...tokenRun(run, view.width - 8, view.colour));
}

const leftOut = (left: number): Line[] =>
  left > 0 ? [blank, line(dim(`and ${counted(left, "more change")}; --full shows them, --json has them`))] : [];

const signed = (value: number): string => (value > 0 ? `+${count(value)}` : value < 0 ? `−${count(-value)}` : "±0");

const dotted = (text: string): string => text.replaceAll(" ", "·");

const quoted = (text: string): string => `“${elide(text, 32)}”`;
