import { type InsideToken, quantile } from "@cutaway/core";
import type { InsideAnswer } from "@cutaway/runtime";
import { shownToken } from "../../inside/subject.ts";
import { bar } from "../../terminal/bars.ts";
import { blank, dim, type Line, line, title } from "../../terminal/line.ts";
import { table } from "../../terminal/table.ts";
import { elide } from "../../terminal/width.ts";

type Layers = InsideAnswer<"norms">["layers"];

/** After each layer the length of the stream at the first token, at the last, and at the others, and what the layer adds at the last. */
export function renderNorms(layers: Layers, tokens: readonly InsideToken[], width: number): Line[] {
  const text = (at: number) => elide(shownToken(tokens.at(at)?.bytes ?? new Uint8Array()), 16);
  const rows = layers.map(({ layer, stream, attention, mlp }) => ({
    layer,
    first: stream[0] as number,
    others: median(stream.slice(1)),
    last: stream.at(-1) as number,
    attention: attention.at(-1) as number,
    mlp: mlp.at(-1) as number,
  }));
  const most = Math.max(...rows.map(({ last }) => last));
  return [
    line(
      title("Length of the stream"),
      dim(` · after each layer, at the first token “${text(0)}”, at the others (median), at the last “${text(-1)}”`),
    ),
    ...table(
      [
        { header: "layer", align: "right" },
        { header: "first", align: "right" },
        { header: "others", align: "right" },
        { header: "last", align: "right" },
        { header: "", optional: 1 },
        { header: "attention adds", align: "right" },
        { header: "MLP adds", align: "right" },
      ],
      rows.map(({ layer, first, others, last, attention, mlp }) => [
        String(layer),
        length(first),
        others === undefined ? "" : length(others),
        length(last),
        { text: bar(most > 0 ? last / most : 0, 12), style: "bar" },
        length(attention),
        length(mlp),
      ]),
      width,
    ),
    blank,
    ...sinkLine(rows),
  ];
}

/** Where the first token stands out most. */
function sinkLine(rows: readonly { layer: number; first: number; others: number | undefined }[]): Line[] {
  const times = rows.flatMap(({ layer, first, others }) => (others === undefined || others === 0 ? [] : [{ layer, times: first / others }]));
  const top = times.toSorted((a, b) => b.times - a.times)[0];
  if (!top) return [line(title("first token "), dim("there is no other to compare it with"))];
  return [
    line(
      title("first token "),
      `at most ${top.times >= 10 ? Math.round(top.times).toLocaleString("en-US") : top.times.toPrecision(2)} times as long as the others, after layer ${top.layer}`,
      dim(top.times >= 3 ? " · where an attention sink rests, the first token's stream dwarfs the others'" : ""),
    ),
  ];
}

const median = (values: readonly number[]): number | undefined =>
  values.length === 0
    ? undefined
    : quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );

/** Three digits. */
const length = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3));
