import type { CallRow } from "@cutaway/store";
import { dim, good, type Line, type Piece, piece } from "../terminal/line.ts";
import { count, milliseconds, usd } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";
import { ago } from "./call-names.ts";
import { severityPiece, severitySign } from "./finding.ts";

/** Of a ULID's 26 characters: 10 of time and 4 of chance, which no two calls of a person share. */
const idShown = 14;

const columns: Column[] = [
  { header: "" },
  { header: "id" },
  { header: "when" },
  { header: "model" },
  { header: "ended" },
  { header: "in", align: "right" },
  { header: "out", align: "right" },
  { header: "cost", align: "right" },
  { header: "time", align: "right" },
  { header: "about", flexible: true },
];

/** What gives way first where the terminal is narrow. */
const optional = ["time", "in", "cost"];
const leastAbout = 16;

/** The list of calls; `now` in milliseconds since the epoch. */
export function renderList(rows: readonly CallRow[], width: number, now: number): Line[] {
  const cells = rows.map((row) => cellsOf(row, now));
  const left: string[] = [];
  const fits = () => {
    const kept = columns.map((column, i) =>
      left.includes(column.header) ? 0 : Math.max(...cells.map((row) => textOf(row[i]).length), column.header.length) + 2,
    );
    return kept.slice(0, -1).reduce((sum, size) => sum + size, 0) + leastAbout <= width;
  };
  for (const header of optional) if (!fits()) left.push(header);
  const kept = columns.map((_, i) => i).filter((i) => !left.includes(columns[i]?.header ?? ""));
  return table(
    kept.map((i) => columns[i] as Column),
    cells.map((row) => kept.map((i) => row[i] ?? "")),
    width,
  );
}

function cellsOf(row: CallRow, now: number): (string | Piece)[] {
  const [worst] = row.findings;
  return [
    worst ? severityPiece(worst.severity, severitySign[worst.severity]) : row.ending === "open" ? dim("…") : good("✓"),
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
    piece(worst ? `${worst.rule}  ${row.preview}` : row.preview, "dim"),
  ];
}

const textOf = (cell: string | Piece | undefined): string => (typeof cell === "object" ? cell.text : (cell ?? ""));
