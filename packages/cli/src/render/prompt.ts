import type { PromptSplit, Segment } from "@cutaway/core";
import { bar } from "../terminal/bars.ts";
import { dim, type Line, line, type Piece, piece } from "../terminal/line.ts";
import { count, counted, percent, usd } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { oneLine } from "./excerpt.ts";
import { joined } from "./section.ts";

const mostRows = 10;

/** The prompt by segment: tokens, share, cost, and how each begins. The largest ones where there are many; the order is the model's. */
export function renderPrompt(prompt: PromptSplit, inputTokens: number | undefined, width: number): Line[] {
  const { segments, tokenizer, counted: total } = prompt;
  if (segments.length === 0) return [];
  const known = segments.flatMap((segment) => (segment.tokens === undefined ? [] : [segment.tokens]));
  const most = known.reduce((a, b) => Math.max(a, b), 0);
  const barColumns = width >= 100 ? 16 : 10;
  const rows = folded(segments).map((row) => {
    const tokens = row.tokens;
    const share = tokens === undefined || !total ? undefined : tokens / total;
    return [
      piece(row.label, row.folded ? "dim" : undefined),
      tokens === undefined ? "" : count(tokens),
      tokens === undefined || most === 0 ? "" : ({ text: bar(tokens / Math.max(most, 1), barColumns), style: "bar" } satisfies Piece),
      share === undefined ? "" : percent(share),
      row.cost === undefined ? "" : usd(row.cost),
      dim(row.text === undefined ? "" : `${oneLine(row.text, width)}`),
    ];
  });
  const header = joined([headline(prompt, inputTokens), tokenizerWord(tokenizer)]);
  const columns: Column[] = [
    { header: "", least: 10 },
    { header: "", align: "right" },
    { header: "", optional: 1 },
    { header: "", align: "right" },
    { header: "", align: "right" },
    { header: "", least: 12, optional: 2 },
  ];
  return [...wrap(header, width, 2), ...table(columns, rows, width), ...unattributedLine(prompt).flatMap((item) => wrap(item, width, 2))];
}

function headline({ segments, counted: total }: PromptSplit, inputTokens: number | undefined): string {
  if (inputTokens !== undefined) return `${counted(inputTokens, "token")} in ${counted(segments.length, "segment")}`;
  if (total !== undefined) {
    const cost = segments.every((segment) => segment.cost !== undefined)
      ? `, ${usd(segments.reduce((sum, segment) => sum + (segment.cost ?? 0), 0))}`
      : "";
    return `${counted(total, "token")} counted in ${counted(segments.length, "segment")}${cost}`;
  }
  return counted(segments.length, "segment");
}

export function tokenizerWord(tokenizer: PromptSplit["tokenizer"]): string {
  if (!tokenizer) return "no tokenizer known for this model";
  return tokenizer.exact ? tokenizer.name : `estimate with ${tokenizer.name}`;
}

function unattributedLine({ unattributed, tokenizer }: PromptSplit): Line[] {
  if (unattributed === undefined || unattributed === 0) return [];
  if (unattributed > 0)
    return [line(dim(`+ ${counted(unattributed, "token")} of framing, media or hidden prompt that the segments do not account for`))];
  return [line(dim(`${counted(-unattributed, "token")} fewer than counted${tokenizer?.exact === false ? ": the estimate is too high" : ""}`))];
}

interface Row {
  label: string;
  tokens?: number;
  cost?: number;
  text?: string;
  folded?: boolean;
}

/** At most `mostRows` rows: the largest segments in their order, the runs between them folded into one row each. */
function folded(segments: readonly Segment[]): Row[] {
  if (segments.length <= mostRows) return segments.map(rowOf);
  const size = (segment: Segment) => segment.tokens ?? segment.text.length / 4;
  const kept = new Set(segments.toSorted((a, b) => size(b) - size(a)).slice(0, Math.floor(mostRows / 2)));
  kept.add(segments[0] as Segment).add(segments[segments.length - 1] as Segment);
  const rows: Row[] = [];
  let run: Segment[] = [];
  const close = () => {
    if (run.length === 1) rows.push(rowOf(run[0] as Segment));
    else if (run.length > 1) rows.push({ label: `${run.length} more`, folded: true, ...sums(run) });
    run = [];
  };
  for (const segment of segments) {
    if (!kept.has(segment)) {
      run.push(segment);
      continue;
    }
    close();
    rows.push(rowOf(segment));
  }
  close();
  return rows;
}

const rowOf = ({ label, tokens, cost, text }: Segment): Row => ({
  label,
  text,
  ...(tokens !== undefined && { tokens }),
  ...(cost !== undefined && { cost }),
});

function sums(run: readonly Segment[]): Pick<Row, "tokens" | "cost"> {
  const tokens = run.every((segment) => segment.tokens !== undefined) ? run.reduce((sum, segment) => sum + (segment.tokens ?? 0), 0) : undefined;
  const cost = run.every((segment) => segment.cost !== undefined) ? run.reduce((sum, segment) => sum + (segment.cost ?? 0), 0) : undefined;
  return { ...(tokens !== undefined && { tokens }), ...(cost !== undefined && { cost }) };
}
