import type { Explanation, Finding } from "@cutaway/core";
import { blank, dim, good, type Line, line, type Piece, strong } from "../terminal/line.ts";
import { count, counted, usd } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { typed } from "../typed-command.ts";
import { shortEnding } from "./call-names.ts";
import { commandLine, ranked, renderFinding, severityPiece } from "./finding.ts";

const columns: Column[] = [
  { header: "" },
  { header: "from", least: 14 },
  { header: "model", least: 12, optional: 4 },
  { header: "ended", least: 10 },
  { header: "in", align: "right", optional: 1 },
  { header: "out", align: "right", optional: 2 },
  { header: "cost", align: "right", optional: 3 },
  { header: "finding", least: 16 },
  { header: "id", optional: 0 },
];

/** As many rows and full findings as a person reads; the rest is counted, and is in `--json`. */
const mostRows = 500;
const mostInFull = 5;

/** Many explanations, as a table and the gravest findings in full; holds of each call only what is shown. */
export function createSummary() {
  const rows: (string | Piece)[][] = [];
  const inFull: { from: string; reference: string | undefined; explanation: Explanation; finding: Finding }[] = [];
  const byRule = new Map<string, number>();
  let calls = 0;
  let withFindings = 0;
  let cost = 0;
  let priced = 0;
  let first: string | undefined;

  return {
    get calls() {
      return calls;
    },
    add(explanation: Explanation, from: string, reference: string | undefined) {
      calls++;
      const order = ranked(explanation.findings);
      const [worst] = order;
      if (worst) withFindings++;
      for (const rule of new Set(order.map((finding) => finding.rule))) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
      if (explanation.cost) {
        priced++;
        cost += explanation.cost.total;
      }
      if (rows.length < mostRows) rows.push([...rowOf(explanation, from, order), dim(reference ?? "")]);
      first ??= reference;
      if (worst && worst.severity !== "note" && inFull.length < mostInFull) inFull.push({ from, reference, explanation, finding: worst });
    },
    render(width: number): Line[] {
      const totals = [
        counted(calls, "call"),
        `${count(withFindings)} with findings`,
        priced === 0 ? "cost unknown" : `${usd(cost)}${priced < calls ? ` for the ${count(priced)} of known price` : ""}`,
      ];
      const most = [...byRule].toSorted((a, b) => b[1] - a[1]).map(([rule, times]) => `${rule} ×${times}`);
      return [
        ...table(columns, rows, width),
        ...(calls > rows.length ? [line(dim(`and ${counted(calls - rows.length, "more call")}; --json has them all`))] : []),
        ...inFull.flatMap(({ from, reference, explanation, finding }) => [
          blank,
          line(strong(from)),
          ...renderFinding(finding, explanation, width, reference),
        ]),
        blank,
        line(totals.join(" · ")),
        ...(most.length > 0 ? wrap(line(dim(most.join(", "))), width, 2) : []),
        ...(first === undefined ? [] : [commandLine(typed(`cutaway show ${first}`))]),
      ];
    },
  };
}

function rowOf({ call, cost }: Explanation, from: string, order: readonly Finding[]): (string | Piece)[] {
  const [worst] = order;
  return [
    worst ? severityPiece(worst.severity) : good("✓"),
    from,
    call.model.served ?? call.model.asked ?? "",
    shortEnding(call),
    call.usage.inputTokens === undefined ? "" : count(call.usage.inputTokens),
    call.usage.outputTokens === undefined ? "" : count(call.usage.outputTokens),
    cost ? usd(cost.total) : "",
    dim(order.map((finding) => finding.rule).join(", ")),
  ];
}
