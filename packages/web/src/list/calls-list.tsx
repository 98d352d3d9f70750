import type { CallId } from "@cutaway/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Problem } from "../parts/problem.tsx";
import { useCommands } from "../shell/commands.ts";
import { filterCalls, loadOlder, useCalls } from "../state/calls.ts";
import { currentPlace, go, openCall, openDiff, usePlace } from "../state/location.ts";
import { useSettings } from "../state/settings.ts";
import { CallLine } from "./call-line.tsx";
import { Empty } from "./empty.tsx";
import { barScale } from "./row-facts.ts";

const columns = ["", "time", "id", "model", "prompt → answer", "finish", "findings", "in", "out", "cost", "first", "total", "waterfall", "origin"];

/** The calls as a network panel: newest first, only the rows on screen are in the page. */
export function CallsList({ narrow }: { narrow: boolean }) {
  const place = usePlace();
  const settings = useSettings();
  const { rows, next, loading, ready, error, filter } = useCalls();
  const scroller = useRef<HTMLDivElement>(null);
  const scale = useMemo(() => barScale(rows), [rows]);
  const [cursor, setCursor] = useState<string>();
  const rowHeight = narrow ? 46 : settings.density === "roomy" ? 34 : 27;
  const lines = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows were measured at another height
  useEffect(() => lines.measure(), [rowHeight]);

  const items = lines.getVirtualItems();
  const lastShown = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (next && !loading && !error && lastShown > rows.length - 60) void loadOlder();
  }, [next, loading, error, lastShown, rows.length]);

  const current = (place.against === undefined ? place.call : undefined) ?? cursor;
  const at = rows.findIndex((row) => row.id === current);
  const move = (by: number) => {
    const target = at === -1 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by));
    const row = rows[target];
    if (!row) return;
    setCursor(row.id);
    lines.scrollToIndex(target);
    if (place.call && !place.against) openCall(row.id);
  };
  const open = useCallback((id: CallId) => {
    setCursor(id);
    openCall(id);
  }, []);
  useCommands([
    { id: "next-call", title: "Next call", keys: ["j"], group: "Calls", run: () => move(1) },
    { id: "previous-call", title: "Previous call", keys: ["k"], group: "Calls", run: () => move(-1) },
    { id: "open-call", title: "Open the call", keys: ["Enter"], group: "Calls", run: () => current && openCall(current) },
    {
      id: "mark-call",
      title: place.marked ? "Compare with the marked call" : "Mark the call for comparison",
      keys: ["d"],
      group: "Calls",
      run: () => current && mark(current),
    },
  ]);

  const isFiltered = filter.q !== "" || filter.model !== "" || filter.finding !== "";
  if (ready && rows.length === 0 && !isFiltered && !error) return place.call === undefined ? <Empty /> : null;
  const today = new Date().setHours(0, 0, 0, 0);
  return (
    <div className={narrow ? "calls calls-narrow" : "calls"} role="grid" aria-label="Calls" aria-rowcount={rows.length + 1}>
      {!narrow && (
        <div className="call-line call-head" role="row">
          {columns.map((name) => (
            <span key={name} role="columnheader" className={/^(in|out|cost|first|total)$/.test(name) ? "number" : undefined}>
              {name}
            </span>
          ))}
        </div>
      )}
      {error && <Problem error={error} retry={() => void filterCalls(filter)} />}
      <div className="calls-scroller" ref={scroller} data-testid="calls">
        <div className="calls-space" style={{ height: lines.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <CallLine
                  key={row.id}
                  row={row}
                  scale={scale}
                  today={today}
                  index={item.index}
                  top={item.start}
                  narrow={narrow}
                  isOpen={row.id === place.call}
                  isCurrent={row.id === current}
                  isMarked={row.id === place.marked}
                  onOpen={open}
                  onMark={mark}
                />
              )
            );
          })}
        </div>
        {ready && rows.length === 0 && isFiltered && (
          <div className="no-match">
            <p>No call matches.</p>
            <button type="button" onClick={() => go({ q: "", model: "", finding: "" })}>
              Show all
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

/** The first call marked waits for the second; then the two are compared. */
function mark(id: string): void {
  const { marked } = currentPlace();
  if (marked === id) go({ marked: undefined });
  else if (marked) openDiff(...older(marked, id));
  else go({ marked: id });
}

/** Ids sort by time: the older call is the one compared from. */
const older = (a: string, b: string): [string, string] => (a < b ? [a, b] : [b, a]);
