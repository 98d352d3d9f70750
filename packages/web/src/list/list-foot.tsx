import { useMemo } from "react";
import { formatCount, formatUsd, plural } from "../format/numbers.ts";
import { useCalls } from "../state/calls.ts";
import { totalsOf } from "./row-facts.ts";

/** Sums over the calls in the list. What is unknown is counted apart, not added as 0. */
export function ListFoot() {
  const { rows, next, loading } = useCalls();
  const totals = useMemo(() => totalsOf(rows), [rows]);
  if (rows.length === 0) return null;
  return (
    <footer className="list-foot">
      <span>
        {plural(totals.calls, "call")}
        {next ? " so far, more below" : ""}
        {loading ? " …" : ""}
      </span>
      <span>{totals.problems} with problems</span>
      <span>{formatCount(totals.inputTokens)} tokens in</span>
      <span>{formatCount(totals.outputTokens)} out</span>
      <span>
        {formatUsd(totals.cost)}
        {totals.costUnknown > 0 ? ` + ${totals.costUnknown} unknown` : ""}
      </span>
    </footer>
  );
}
