import { quantile, type Severity } from "@cutaway/core";
import type { CallRow } from "../api/types.ts";

/** How a call ended, in one word, and how much that word matters. */
export function endOf(row: CallRow): { word: string; tone: "good" | "bad" | "odd" | "quiet" | "live" } {
  if (row.error) return { word: row.error, tone: "bad" };
  if (row.ending === "open") return { word: "open", tone: "live" };
  if (row.ending === "none") return { word: "no answer", tone: "quiet" };
  const [first] = row.finish;
  const word = row.finish.length > 1 && new Set(row.finish).size > 1 ? "mixed" : (first ?? row.ending);
  if (row.ending === "cut" || row.ending === "cancelled") return { word: row.ending, tone: "bad" };
  if (word === "stop" || word === "stop-sequence" || word === "tool-use") return { word, tone: "good" };
  if (word === "unknown") return { word, tone: "quiet" };
  return { word, tone: "odd" };
}

/** Gravest first. */
export const severityOrder: readonly Severity[] = ["problem", "warning", "note"];

export function severities(row: CallRow): { severity: Severity; count: number }[] {
  return severityOrder
    .map((severity) => ({ severity, count: row.findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0);
}

export const rulesOf = (row: CallRow): string => row.findings.map((finding) => finding.rule).join(", ");

/** Milliseconds that the whole width of the bars stands for: nearly all calls fit, and one slow call does not flatten the rest. */
export function barScale(rows: readonly CallRow[]): number {
  const totals = rows.flatMap((row) => row.total ?? []).sort((a, b) => a - b);
  return totals.length === 0 ? 1 : Math.max(1, quantile(totals, 0.95));
}

/** Shares of the width, 0 to 1: waiting until the first token, then the stream. `over`: it goes on beyond the scale. */
export function barOf({ ttft, total }: CallRow, scale: number): { wait: number; stream: number; over: boolean } | undefined {
  if (total === undefined) return undefined;
  const end = Math.min(1, total / scale);
  const wait = Math.min(end, (ttft ?? 0) / scale);
  return { wait, stream: end - wait, over: total > scale };
}

export interface Totals {
  calls: number;
  problems: number;
  inputTokens: number;
  outputTokens: number;
  cost: number;
  costUnknown: number;
}

export function totalsOf(rows: readonly CallRow[]): Totals {
  const totals: Totals = { calls: rows.length, problems: 0, inputTokens: 0, outputTokens: 0, cost: 0, costUnknown: 0 };
  for (const row of rows) {
    if (row.findings.some((finding) => finding.severity === "problem")) totals.problems++;
    totals.inputTokens += row.inputTokens ?? 0;
    totals.outputTokens += row.outputTokens ?? 0;
    if (row.cost !== undefined) totals.cost += row.cost;
    else if (row.provider !== "local") totals.costUnknown++;
  }
  return totals;
}
