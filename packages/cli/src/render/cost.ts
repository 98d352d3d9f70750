import type { Cost, Explanation } from "@cutaway/core";
import { dim, type Line, line, type Piece, strong } from "../terminal/line.ts";
import { count, usdExact } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { joined } from "./section.ts";

/** What the call cost, line by line so that it can be checked; or why it is unknown. */
export function renderCost({ call, cost, costUnknown }: Pick<Explanation, "call" | "cost" | "costUnknown">, width: number): Line[] {
  if (!cost && call.local) return [line("none: it ran on this machine")];
  if (!cost) return costUnknown === undefined ? [] : wrap(line("unknown: ", costUnknown), width, 2);
  return [
    ...wrap(joined([strong(usdExact(cost.total)), priceWord(cost)]), width, 2),
    ...table(
      [{ header: "", least: 10 }, { header: "", align: "right" }, { header: "" }, { header: "" }],
      cost.lines.map((item): (string | Piece)[] => [
        item.what,
        count(item.units),
        `× ${usdExact(item.per)} per million`,
        `= ${usdExact(item.amount)}`,
      ]),
      width,
    ),
    ...cost.caveats.flatMap((caveat) => wrap(line(dim(caveat)), width, 2)),
  ];
}

const priceWord = ({ price }: Cost): Piece =>
  dim(
    `${price.provider} ${price.model} as of ${price.at.slice(0, 10)}, ${price.source.name} ${price.source.version} (${price.source.date.slice(0, 10)})`,
  );
