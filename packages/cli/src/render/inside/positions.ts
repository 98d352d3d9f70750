import type { InsideAnswer } from "@cutaway/runtime";
import { dim, type Line, line, title } from "../../terminal/line.ts";
import { count } from "../../terminal/numbers.ts";
import { table } from "../../terminal/table.ts";

/** How the model tells where a token stands. */
export function renderPositions({ kind, scheme, windows }: Pick<InsideAnswer<"positions">, "kind" | "scheme" | "windows">, width: number): Line[] {
  return [...schemeLines(scheme, width), ...windowLines(kind, windows)];
}

function schemeLines(scheme: InsideAnswer<"positions">["scheme"], width: number): Line[] {
  switch (scheme.kind) {
    case "rotary":
      return scheme.turns.flatMap(({ layers, pairs }) => [
        line(title("Rotary"), dim(` · ${layersText(layers)}: pairs of numbers of queries and keys are turned by position × speed`)),
        ...table(
          [
            { header: "pair", align: "right" },
            { header: "radians a token", align: "right" },
            { header: "tokens a turn", align: "right" },
            { header: "at 10", align: "right" },
            { header: "at 100", align: "right" },
            { header: "at 1,000", align: "right" },
          ],
          spread(pairs, 12).map(({ pair, speed, period }) => [
            String(pair),
            speed.toPrecision(3),
            count(Math.round(period)),
            ...[10, 100, 1000].map((at) => `${Math.round((((at * speed) / Math.PI) * 180) % 360)}°`),
          ]),
          width,
        ),
      ]);
    case "learned":
      return [
        line(title("Learned"), dim(` · one row a position, ${count(scheme.positions)} of them; how alike rows are that stand so far apart`)),
        ...table(
          [
            { header: "distance", align: "right" },
            { header: "cosine", align: "right" },
          ],
          scheme.similarity.map(({ distance, cosine }) => [count(distance), cosine.toFixed(3)]),
          width,
        ),
      ];
    case "buckets":
      return (["encoder", "decoder"] as const).flatMap((side) => [
        line(title(`Buckets of distance, ${side}`), dim(" · added to the scores; the key's place from the query, − before it")),
        ...table(
          [
            { header: "from", align: "right" },
            { header: "to", align: "right" },
            { header: "mean bias", align: "right" },
            { header: "least", align: "right" },
            { header: "most", align: "right" },
          ],
          scheme[side].buckets.map(({ from, to, bias }) => [
            from === undefined ? "all before" : String(from),
            to === undefined ? "all after" : String(to),
            (bias.reduce((sum, one) => sum + one, 0) / bias.length).toFixed(2),
            Math.min(...bias).toFixed(2),
            Math.max(...bias).toFixed(2),
          ]),
          width,
        ),
      ]);
  }
}

function windowLines(kind: InsideAnswer<"positions">["kind"], windows: InsideAnswer<"positions">["windows"]): Line[] {
  const everything = line(title("Sees "), "all tokens, before and after", dim(kind === "encoder" ? "" : " · encoder"));
  if (kind === "encoder") return [everything];
  const groups = Map.groupBy(windows, ({ window }) => window);
  const side = kind === "encoder-decoder" ? "decoder, " : "";
  return [
    ...(kind === "encoder-decoder" ? [everything] : []),
    ...Array.from(groups, ([window, layers]) =>
      line(
        title("Sees "),
        window === undefined ? "all tokens before" : `the last ${count(window)} tokens`,
        dim(` · ${side}${layersText(layers.map(({ layer }) => layer))}`),
      ),
    ),
  ];
}

/** layers 0–4, 6–10 */
const layersText = (layers: readonly number[]): string => `layer${layers.length === 1 ? "" : "s"} ${ranges(layers)}`;

/** So many of them, evenly, the first and the last among them. */
const spread = <Item>(items: readonly Item[], most: number): Item[] =>
  items.length <= most ? [...items] : Array.from({ length: most }, (_, at) => items[Math.round((at * (items.length - 1)) / (most - 1))] as Item);

/** 0–4, 6–10 */
export function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}
