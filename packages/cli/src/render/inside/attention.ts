import type { InsideToken } from "@cutaway/core";
import type { HeadReport, InsideAnswer } from "@cutaway/runtime";
import { shownToken } from "../../inside/subject.ts";
import { bar } from "../../terminal/bars.ts";
import { blank, dim, type Line, line, title } from "../../terminal/line.ts";
import { percent } from "../../terminal/numbers.ts";
import { elide, widthOf } from "../../terminal/width.ts";
import { heatGrid, legend } from "./heat-grid.ts";

/** Whose attention it is: of which tokens, to which; `isCausal`: none sees what comes after it. */
export interface Looking {
  queries: readonly InsideToken[];
  keys: readonly InsideToken[];
  isCausal: boolean;
}

/** Where the last token looks, how the heads divide, and the patterns of the heads that were asked for. */
export function renderAttention(answer: InsideAnswer<"attention">, looking: Looking, width: number): Line[] {
  const { report, patterns } = answer;
  if (patterns.length > 0) return patterns.flatMap((pattern, at) => [...(at > 0 ? [blank] : []), ...renderPattern(looking, pattern, width)]);
  return [
    ...lastLooks(answer, looking, width),
    ...(report ? [blank, ...segmentShares(answer, report), blank, ...headGrid(report, width), blank, ...kinds(report)] : []),
  ];
}

const mean = (heads: readonly HeadReport[], of: (head: HeadReport) => number): number =>
  heads.reduce((sum, head) => sum + of(head), 0) / heads.length;

function lastLooks({ last }: InsideAnswer<"attention">, { queries, keys }: Looking, width: number): Line[] {
  const rows = last
    .map((share, at) => ({ share, at, text: shownToken(keys[at]?.bytes ?? new Uint8Array()) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 12)
    .sort((a, b) => a.at - b.at);
  const words = Math.min(20, Math.max(...rows.map(({ text }) => widthOf(text))));
  const room = Math.min(40, width - words - 16);
  const asked = shownToken(queries.at(-1)?.bytes ?? new Uint8Array());
  return [
    line(
      title(`Where the last token, “${asked}”, looks`),
      dim(` · mean of all heads${rows.length < last.length ? `, the largest ${rows.length} of ${last.length}` : ""}`),
    ),
    ...rows.map(({ share, at, text }): Line => {
      const word = elide(text, words);
      return [
        dim(String(at).padStart(5)),
        { text: ` ${word}${" ".repeat(words - widthOf(word))} ` },
        { text: bar(share, room), style: "bar" },
        { text: ` ${percent(share)}` },
      ];
    }),
  ];
}

function segmentShares({ groups, tail }: InsideAnswer<"attention">, report: HeadReport[]): Line[] {
  const shares = groups.map(
    ({ name, positions }, at) => `${name} ${percent(mean(report, ({ asked }) => asked.groups[at] ?? 0))} (${positions.length})`,
  );
  return [
    line(title("By segment "), shares.join(" · "), dim(" · share, (tokens)")),
    line(
      title("The end    "),
      percent(mean(report, ({ asked }) => asked.tail)),
      dim(` goes to the last ${tail} token${tail === 1 ? "" : "s"}, its own included`),
    ),
  ];
}

function headGrid(report: HeadReport[], width: number): Line[] {
  const layers = [...new Set(report.map(({ layer }) => layer))];
  const heads = Math.max(...report.map(({ head }) => head)) + 1;
  const found = new Map(report.map((one) => [`${one.layer} ${one.head}`, one]));
  return [
    line(title("Attention into the first token"), dim(" · layers down, heads across; mean of all tokens")),
    ...heatGrid(
      {
        rows: layers.map(String),
        columns: Array.from({ length: heads }, (_, head) => String(head)),
        value: (row, column) => found.get(`${layers[row]} ${column}`)?.sink,
      },
      width,
    ),
    legend("none", "all"),
  ];
}

/** Heads of a kind, with the criterion. */
function kinds(report: HeadReport[]): Line[] {
  const of = (kind: HeadReport["is"][number], value: (head: HeadReport) => number) =>
    report.filter((head) => head.is.includes(kind)).sort((a, b) => value(b) - value(a));
  const name = (value: (head: HeadReport) => number) => (head: HeadReport) => `${head.layer}.${head.head} ${percent(value(head))}`;
  const sinks = of("sink", ({ sink }) => sink);
  const previous = of("previous-token", ({ previous }) => previous);
  const induction = of("induction-like", ({ induction }) => induction ?? 0);
  const measurable = report.some(({ induction }) => induction !== undefined);
  return [
    line(title("sink           "), `${sinks.length} of ${report.length} heads`, dim(" · half or more to the first token")),
    line(
      title("previous token "),
      previous.length === 0
        ? "none"
        : previous
            .slice(0, 5)
            .map(name(({ previous }) => previous))
            .join(", "),
      dim(" · half or more to the token before"),
    ),
    line(
      title("induction-like "),
      measurable
        ? induction.length === 0
          ? "none"
          : induction
              .slice(0, 5)
              .map(name(({ induction }) => induction ?? 0))
              .join(", ")
        : "not to be told",
      dim(measurable ? " · 40 % or more to what followed the same token before" : ": fewer than four tokens occur again"),
    ),
    line(
      title("entropy        "),
      `${mean(report, ({ entropy }) => entropy).toFixed(2)} nats`,
      dim(`, ${percent(mean(report, ({ evenness }) => evenness))} of what even attention would have`),
    ),
  ];
}

type Pattern = InsideAnswer<"attention">["patterns"][number];

/** Queries down, keys across: as many of the last ones as fit. */
function renderPattern(looking: Looking, { layer, head, queries, keys, data }: Pattern, width: number): Line[] {
  const down = looking.queries.map(({ bytes }) => shownToken(bytes));
  const isOwn = looking.queries === looking.keys;
  const from = Math.max(0, queries - 40);
  return [
    line(
      title(`Layer ${layer}, head ${head}`),
      dim(
        ` · each row's attention, to ${isOwn ? "the tokens across in the same order" : "the encoder's tokens across"}${from > 0 ? `; the last 40 rows of ${queries}` : ""}`,
      ),
    ),
    ...heatGrid(
      {
        rows: down.slice(from),
        columns: Array.from({ length: keys }, (_, key) => String(key)),
        value: (row, key) => (looking.isCausal && key > from + row ? undefined : data[(from + row) * keys + key]),
      },
      width,
    ),
    legend("none", "all"),
  ];
}
