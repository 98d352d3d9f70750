import type { InsideAnswer } from "@cutaway/runtime";
import { type Subject, shownToken } from "../../inside/subject.ts";
import { blank, dim, type Line, line, type Piece, title } from "../../terminal/line.ts";
import { table } from "../../terminal/table.ts";
import { elide, widthOf } from "../../terminal/width.ts";
import { chance } from "./chance.ts";
import { heatGrid, legend } from "./heat-grid.ts";
import { signed } from "./token-report.ts";

/** Gradient × input of the prompt's tokens as a strip, then what each layer and head added to the logit by itself. */
export function renderAttribution(answer: InsideAnswer<"attribution">, { text }: Pick<Subject, "text">, width: number): Line[] {
  const { token, against, logprob, input, logit, tokens, source } = answer;
  const read = source ?? tokens;
  const than = against === undefined ? "" : ` less that of “${text(against)}”`;
  return [
    line(title(`The logit of “${text(token)}”${than}`), ` ${input.target.toFixed(2)}`, dim(` · probability ${chance(logprob)}`)),
    blank,
    line(title("By token of the prompt"), dim(" · gradient × input; − against it, the number below each")),
    ...strip(
      read.map(({ bytes }) => shownToken(bytes)),
      input.scores,
      width,
    ),
    blank,
    line(title("By part of the network"), dim(" · what each adds to the logit directly; all sum to it")),
    ...layerTable(logit, width),
    blank,
    ...heads(logit, width),
  ];
}

/** Tokens over their numbers, as many a line as fit; those that matter are coloured. */
export function strip(texts: readonly string[], scores: readonly number[], width: number): Line[] {
  const most = Math.max(...scores.map(Math.abs), Number.MIN_VALUE);
  const lines: Line[] = [];
  let above: Piece[] = [];
  let below: Piece[] = [];
  let used = 0;
  const feed = () => {
    if (used > 0) lines.push(above, below);
    [above, below, used] = [[], [], 0];
  };
  for (const [at, text] of texts.entries()) {
    const score = scores[at] as number;
    const number = signed(score);
    const word = elide(text, width - 2);
    const columns = Math.max(widthOf(word), number.length) + 1;
    if (used + columns > width) feed();
    const style = Math.abs(score) < most / 10 ? "dim" : score > 0 ? "added" : "removed";
    above.push({ text: word, ...(style !== "dim" && { style }) }, { text: " ".repeat(columns - widthOf(word)) });
    below.push({ text: number, style }, { text: " ".repeat(columns - number.length) });
    used += columns;
  }
  feed();
  return lines;
}

type Logit = InsideAnswer<"attribution">["logit"];

function layerTable({ parts, rest, target }: Logit, width: number): Line[] {
  const before = parts.filter(({ layer }) => layer === undefined);
  const layers = [...new Set(parts.flatMap(({ layer }) => layer ?? []))];
  const score = (layer: number, end: string) =>
    parts.filter((part) => part.layer === layer && part.hook.endsWith(end)).reduce((sum, part) => sum + part.score, 0);
  const rows = layers.map((layer) => ({ layer, attention: score(layer, "attn_out"), mlp: score(layer, "mlp_out") }));
  const kept = [...rows]
    .sort((a, b) => Math.abs(b.attention) + Math.abs(b.mlp) - Math.abs(a.attention) - Math.abs(a.mlp))
    .slice(0, 10)
    .sort((a, b) => a.layer - b.layer);
  const left = rows.filter((row) => !kept.includes(row)).reduce((sum, { attention, mlp }) => sum + attention + mlp, 0);
  return [
    ...table(
      [
        { header: "layer", align: "right" },
        { header: "attention", align: "right" },
        { header: "MLP", align: "right" },
      ],
      kept.map(({ layer, attention, mlp }) => [String(layer), signed(attention), signed(mlp)]),
      width,
    ),
    [
      dim(
        `embeddings ${signed(before.reduce((sum, part) => sum + part.score, 0))}${rows.length > kept.length ? ` · the other ${rows.length - kept.length} layers ${signed(left)}` : ""}${Math.abs(rest) > 0.005 ? ` · biases ${signed(rest)}` : ""} · together ${target.toFixed(2)}`,
      ),
    ],
  ];
}

function heads({ parts }: Logit, width: number): Line[] {
  const found = parts.filter((part) => part.heads && !part.hook.includes("cross"));
  const all = found.flatMap(({ layer, heads = [] }) => heads.map((score, head) => ({ layer, head, score })));
  if (all.length === 0) return [];
  const most = Math.max(...all.map(({ score }) => Math.abs(score)));
  const top = all.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, 6);
  return [
    line(title("By head"), dim(` · layer.head: `), top.map(({ layer, head, score }) => `${layer}.${head} ${signed(score)}`).join(", ")),
    ...heatGrid(
      {
        rows: found.map(({ layer }) => String(layer)),
        columns: (found[0]?.heads ?? []).map((_, head) => String(head)),
        value: (row, column) => (found[row]?.heads?.[column] ?? 0) / most,
      },
      width,
    ),
    legend("nothing", `${most.toFixed(2)}; − against it`),
  ];
}
