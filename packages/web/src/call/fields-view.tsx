import type { Call } from "@cutaway/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { visibleLine } from "../format/visible.ts";
import type { Light } from "../strip/lights.ts";
import { flatten } from "./flatten.ts";

/** Every field of the Call as normalised, by the path that evidence uses. */
export function FieldsView({ call, lights }: { call: Call; lights: readonly Light[] }) {
  const all = useMemo(() => flatten(call), [call]);
  const [find, setFind] = useState("");
  const fields = useMemo(() => {
    const wanted = find.trim().toLowerCase();
    return wanted === "" ? all : all.filter(({ path, value }) => path.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted));
  }, [all, find]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: fields.length, getScrollElement: () => scroller.current, estimateSize: () => 23, overscan: 20 });
  const lit = new Map(lights.flatMap(({ evidence, bright }) => (typeof evidence.at === "string" ? [[evidence.at, bright] as const] : [])));
  const bright = lights.find((light) => light.bright)?.evidence.at;
  const brightAt = typeof bright === "string" ? fields.findIndex(({ path }) => isAt(path, bright)) : -1;
  useEffect(() => {
    if (brightAt >= 0) rows.scrollToIndex(brightAt, { align: "center" });
  }, [brightAt, rows]);
  return (
    <div className="fields-view" data-testid="fields">
      <div className="tokens-bar">
        <input
          type="search"
          aria-label="Filter fields"
          placeholder="filter fields"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          spellCheck={false}
        />
        <small>{fields.length} fields, as normalised; the wire's own words are under raw</small>
      </div>
      <div className="field-rows" ref={scroller}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const field = fields[index];
            if (!field) return null;
            const isLit = [...lit.keys()].some((path) => isAt(field.path, path));
            return (
              <div key={field.path} className="field" data-lit={isLit || undefined} style={{ transform: `translateY(${start}px)` }}>
                <code>{field.path}</code>
                <span className={`value-${field.kind}`} title={field.value}>
                  {visibleLine(field.value)}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** A field is lit by its own path and by that of what contains it. */
const isAt = (path: string, wanted: string): boolean => path === wanted || (path.startsWith(wanted) && /^[.[]/.test(path.slice(wanted.length)));
