import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { visibleLine } from "../format/visible.ts";
import { useSize } from "../parts/use-canvas.ts";
import { readMetrics } from "../strip/strip-scene.ts";
import { bodyRows, findAll, lineNumbers, rowAt } from "./body-rows.ts";

const rowHeight = 19;

/** Long plain text, wrapped at the width, of which only the rows on screen are in the page; with a search. */
export function BodyText({ text }: { text: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { width } = useSize(scroller);
  const { columnWidth } = useMemo(() => readMetrics(0, false), []);
  const rows = useMemo(() => bodyRows(text, Math.floor((width - 86) / (columnWidth * (12.5 / 13)))), [text, width, columnWidth]);
  const numbers = useMemo(() => lineNumbers(text, rows), [text, rows]);
  const virtual = useVirtualizer({ count: rows.length - 1, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 20 });
  const [find, setFind] = useState("");
  const [hit, setHit] = useState(0);
  const found = useMemo(() => findAll(text, find), [text, find]);
  const at = found[hit % Math.max(1, found.length)];
  useEffect(() => {
    if (at !== undefined) virtual.scrollToIndex(rowAt(rows, at), { align: "center" });
  }, [at, rows, virtual]);
  return (
    <>
      <form
        className="find"
        onSubmit={(event) => {
          event.preventDefault();
          setHit(hit + 1);
        }}
      >
        <input
          type="search"
          aria-label="Find in the body"
          placeholder="find"
          value={find}
          spellCheck={false}
          onChange={(event) => {
            setFind(event.target.value);
            setHit(0);
          }}
        />
        <small aria-live="polite">{find === "" ? "" : found.length === 0 ? "not found" : `${(hit % found.length) + 1} of ${found.length}`}</small>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="body-text" ref={scroller} tabIndex={0} aria-label="Body">
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div key={index} className="body-row" style={{ transform: `translateY(${start}px)` }}>
              <i>{numbers[index] || ""}</i>
              <code>{marked(text, rows[index] as number, rows[index + 1] as number, found, find.length, at)}</code>
            </div>
          ))}
        </div>
      </section>
    </>
  );
}

/** The row's text with the parts of matches that lie in it marked. */
function marked(text: string, start: number, end: number, found: readonly number[], length: number, current: number | undefined): ReactNode {
  const out: ReactNode[] = [];
  let at = start;
  for (let i = firstAfter(found, start - length); i < found.length && (found[i] as number) < end; i++) {
    const hit = found[i] as number;
    const from = Math.max(at, hit);
    const to = Math.min(end, hit + length);
    if (to <= from) continue;
    out.push(shown(text.slice(at, from)));
    out.push(
      <mark key={hit} data-bright={hit === current || undefined}>
        {shown(text.slice(from, to))}
      </mark>,
    );
    at = to;
  }
  out.push(shown(text.slice(at, end)));
  return out;
}

function firstAfter(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

const shown = (text: string): string => visibleLine(text.endsWith("\n") ? text.slice(0, -1) : text);
