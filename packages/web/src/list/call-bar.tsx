import type { CallRow } from "../api/types.ts";
import { formatMs } from "../format/numbers.ts";
import { barOf } from "./row-facts.ts";

const percent = (share: number) => `${share * 100}%`;

/** Waiting (hatched) and streaming (solid) of one call, on the scale of the list. */
export function CallBar({ row, scale }: { row: CallRow; scale: number }) {
  const bar = barOf(row, scale);
  if (!bar) return <span className="bar" />;
  return (
    <span className="bar" title={`first token ${formatMs(row.ttft)}, total ${formatMs(row.total)}`}>
      <i className="bar-wait" style={{ width: percent(bar.wait) }} />
      <i className="bar-stream" data-over={bar.over || undefined} style={{ left: percent(bar.wait), width: percent(bar.stream) }} />
    </span>
  );
}
