import type { InsideToken } from "@cutaway/core";
import type { InsideAnswer } from "@cutaway/runtime";
import { shownToken } from "../../inside/subject.ts";
import { blank, dim, type Line, line, title } from "../../terminal/line.ts";
import { percent } from "../../terminal/numbers.ts";
import { table } from "../../terminal/table.ts";
import { heatGrid, legend } from "./heat-grid.ts";

type Layer = InsideAnswer<"routing">["layers"][number];

/** How the layers' routers divide the tokens among their experts, and where the last token went. */
export function renderRouting({ layers, tokens }: Pick<InsideAnswer<"routing">, "layers" | "tokens">, width: number): Line[] {
  const experts = Math.max(...layers.map(({ load }) => load.length));
  const heaviest = layers.flatMap(({ layer, load }) => load.map((share, expert) => ({ layer, expert, share }))).sort((a, b) => b.share - a.share)[0];
  const idle = layers.reduce((count, { load }) => count + load.filter((share) => share === 0).length, 0);
  return [
    line(title("Experts"), dim(` · layers down, experts across; share of all weight over these ${tokens.length} tokens`)),
    ...heatGrid(
      {
        rows: layers.map(({ layer }) => String(layer)),
        columns: Array.from({ length: experts }, (_, expert) => String(expert)),
        value: (row, column) => layers[row]?.load[column],
      },
      width,
    ),
    legend("none", "all"),
    ...(heaviest
      ? [
          line(
            title("heaviest   "),
            `layer ${heaviest.layer}, expert ${heaviest.expert}: ${percent(heaviest.share)}`,
            dim(` · even would be ${percent(1 / experts)}`),
          ),
        ]
      : []),
    line(title("idle       "), `${idle} of ${layers.length * experts}`, dim(" · experts that no token went to")),
    blank,
    line(title(`Where the last token, “${shownToken(tokens.at(-1)?.bytes ?? new Uint8Array())}”, went`), dim(" · experts with their weights")),
    ...table(
      [{ header: "layer", align: "right" }, { header: "experts" }],
      layers.map((layer) => [String(layer.layer), routeText(layer, tokens.length - 1)]),
      width,
    ),
  ];
}

/** One layer, token by token. */
export function renderLayerRoutes(layer: Layer, tokens: readonly InsideToken[], width: number): Line[] {
  return [
    line(title(`Layer ${layer.layer}`), dim(" · experts of each token, with their weights")),
    ...table(
      [{ header: "", align: "right" }, { header: "token", least: 6 }, { header: "experts" }],
      tokens.map(({ bytes }, at) => [String(at), shownToken(bytes), routeText(layer, at)]),
      width,
    ),
  ];
}

const routeText = ({ tokens }: Layer, at: number): string =>
  (tokens[at] ?? []).map(({ expert, weight }) => `${expert} ${percent(weight)}`).join(", ");
