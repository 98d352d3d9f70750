import type { CallRow } from "@cutaway/store";
import { dim, type Line, piece } from "../terminal/line.ts";
import { count, milliseconds, usd } from "../terminal/numbers.ts";
import { type Cell, type Column, table } from "../terminal/table.ts";
import { ago } from "./call-names.ts";
import { oneLine } from "./excerpt.ts";
import { severityPiece } from "./finding.ts";

/** Of a ULID's 26 characters: 10 of time and 4 of chance, which no two calls of a person share. */
const idShown = 14;

const columns: Column[] = [
  { header: "" },
  { header: "id" },
  { header: "when" },
  { header: "model", least: 12 },
  { header: "ended", least: 10 },
  { header: "in", align: "right", optional: 2 },
  { header: "out", align: "right" },
  { header: "cost", align: "right", optional: 3 },
  { header: "time", align: "right", optional: 1 },
  { header: "finding", least: 16 },
  { header: "about", least: 12, optional: 4 },
];

/** The list of calls; `now` in milliseconds since the epoch. */
export const renderList = (rows: readonly CallRow[], width: number, now: number): Line[] =>
  table(
    columns,
    rows.map((row) => cellsOf(row, now)),
    width,
  );

function cellsOf(row: CallRow, now: number): Cell[] {
  const [worst] = row.findings;
  return [
    worst ? severityPiece(worst.severity) : row.ending === "open" ? dim("…") : "",
    dim(row.id.slice(0, idShown)),
    row.issued === undefined ? "" : ago(row.issued, now),
    row.model ?? "",
    row.error
      ? piece(row.error, "problem")
      : row.finish.length > 0
        ? [...new Set(row.finish)].join(",")
        : row.ending === "none"
          ? "no answer"
          : row.ending,
    row.inputTokens === undefined ? "" : count(row.inputTokens),
    row.outputTokens === undefined ? "" : count(row.outputTokens),
    row.cost === undefined ? "" : usd(row.cost),
    row.total === undefined ? "" : milliseconds(row.total),
    worst ? severityPiece(worst.severity, worst.rule) : "",
    dim(oneLine(row.preview, 120)),
  ];
}
