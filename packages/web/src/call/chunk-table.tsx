import type { Span } from "@cutaway/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { formatBytes, formatMs } from "../format/numbers.ts";
import type { Chunks } from "./stages.ts";

/** The chunks in figures: when each came, how long after the one before, how large it was. */
export function ChunkTable({ chunks, lit }: { chunks: Chunks; lit: readonly Span[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: chunks.length, getScrollElement: () => scroller.current, estimateSize: () => 21, overscan: 10 });
  const first = lit[0]?.start;
  useEffect(() => {
    if (first !== undefined) rows.scrollToIndex(first, { align: "center" });
  }, [first, rows]);
  return (
    <div className="chunk-table" role="table" aria-label="Chunks" aria-rowcount={chunks.length + 1}>
      <div className="chunk-row chunk-head" role="row">
        {["chunk", "arrived", "gap", "bytes"].map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div className="chunk-rows" ref={scroller}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const [at, bytes] = chunks[index] as Chunks[number];
            const before = chunks[index - 1]?.[0];
            return (
              <div
                key={index}
                className="chunk-row"
                role="row"
                aria-rowindex={index + 2}
                data-lit={lit.some((span) => index >= span.start && index < span.end) || undefined}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="cell">{index}</span>
                <span role="cell">{formatMs(at)}</span>
                <span role="cell">{before === undefined ? "–" : `+${formatMs(at - before)}`}</span>
                <span role="cell">{formatBytes(bytes)}</span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
