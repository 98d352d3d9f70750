import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { AttentionPattern } from "../api/inside.ts";
import { prepareCanvas, themeColour, useSize } from "../parts/use-canvas.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { drawPattern, type PatternScene } from "./draw-pattern.ts";
import { patternImage } from "./pattern-image.ts";
import { sharePixels } from "./share-colours.ts";
import { type Frame, fitted, moved, showing, type ViewBox, zoomed } from "./view-box.ts";

const tallest = "max(340px, 74vh)";

type Cell = { row: number; column: number };

/**
 * One head's attention, queries down and keys across, on a canvas. Wheel or + and − zoom, dragging moves, arrow keys walk the cells, 0 shows all.
 * To assistive technology it is a list box whose one present option is the current cell.
 */
export function PatternCanvas({
  pattern,
  rowNames,
  columnNames,
  cell,
  describe,
  onCell,
}: {
  pattern: AttentionPattern;
  rowNames: readonly string[];
  columnNames: readonly string[];
  cell: Cell | undefined;
  describe: (cell: Cell) => string;
  onCell: (cell: Cell) => void;
}) {
  const settings = useSettings();
  const dark = isDark(settings);
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(holder);
  const [hovered, setHovered] = useState<Cell>();
  const [view, setView] = useState<ViewBox>();
  const drag = useRef<{ x: number; y: number; moved: boolean } | undefined>(undefined);
  const image = useMemo(() => patternImage(pattern, sharePixels(dark)), [pattern, dark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the style sheet, which follows the theme
  const look = useMemo(
    () => ({
      palette: { ink: themeColour("--ink"), faint: themeColour("--ink-2"), line: themeColour("--line-2"), lit: themeColour("--lit") },
      font: `11px ${themeColour("--mono")}`,
    }),
    [dark],
  );
  const { left, top } = size.width < 460 ? { left: 58, top: 58 } : { left: 92, top: 72 };
  // As high as the matrix needs in this width, within the window.
  const heightFor = `min(${tallest}, ${Math.round(Math.max(size.width - left, 1) * (pattern.queries / pattern.keys)) + top}px)`;
  const frame: Frame = {
    columns: pattern.keys,
    rows: pattern.queries,
    width: Math.max(1, size.width - left - 1),
    height: Math.max(1, size.height - top - 1),
  };
  const shape = `${frame.columns} ${frame.rows} ${frame.width} ${frame.height}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another shape, all of it is shown again
  useEffect(() => setView(undefined), [shape]);
  const seen = view ?? fitted(frame);
  const scene: PatternScene = { image, view: seen, frame, left, top, rowNames, columnNames, cell, hovered, ...look };

  useLayoutEffect(() => {
    if (!canvas.current || size.width === 0) return;
    const context = prepareCanvas(canvas.current, size);
    if (context) drawPattern(context, scene, window.devicePixelRatio || 1);
  });

  const point = (event: { clientX: number; clientY: number }) => {
    const box = holder.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0) - left, y: event.clientY - (box?.top ?? 0) - top };
  };
  const under = (event: { clientX: number; clientY: number }): Cell | undefined => {
    const at = point(event);
    const [column, row] = [Math.floor(seen.x + at.x / seen.scale), Math.floor(seen.y + at.y / seen.scale)];
    return at.x >= 0 && at.y >= 0 && row < frame.rows && column < frame.columns ? { row, column } : undefined;
  };

  const wheel = useRef<(event: WheelEvent) => void>(() => {});
  wheel.current = (event) => {
    event.preventDefault();
    setView(zoomed(seen, Math.exp(-event.deltaY / 300), point(event), frame));
  };
  useEffect(() => {
    const target = holder.current;
    const onWheel = (event: WheelEvent) => wheel.current(event);
    // React's own listeners are passive: they cannot keep the page from scrolling.
    target?.addEventListener("wheel", onWheel, { passive: false });
    return () => target?.removeEventListener("wheel", onWheel);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const middle = { x: frame.width / 2, y: frame.height / 2 };
    const zoom: Record<string, ViewBox> = {
      "+": zoomed(seen, 1.5, middle, frame),
      "=": zoomed(seen, 1.5, middle, frame),
      "-": zoomed(seen, 1 / 1.5, middle, frame),
      "0": fitted(frame),
    };
    const next = walked(event, cell, frame);
    if (!zoom[event.key] && !next) return;
    event.preventDefault();
    event.stopPropagation();
    if (next) onCell(next);
    setView(next ? showing(seen, next, frame) : zoom[event.key]);
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = drag.current;
    if (from) {
      const by = { x: event.clientX - from.x, y: event.clientY - from.y };
      if (from.moved || Math.hypot(by.x, by.y) > 4) {
        drag.current = { x: event.clientX, y: event.clientY, moved: true };
        setView(moved(seen, by, frame));
      }
      return;
    }
    const next = under(event);
    setHovered((now) => (now?.row === next?.row && now?.column === next?.column ? now : next));
  };
  const told = hovered ?? cell;
  return (
    <div className="pattern">
      <div
        ref={holder}
        className="pattern-holder"
        style={{ height: heightFor }}
        role="listbox"
        tabIndex={0}
        aria-label={`Attention of ${frame.rows} queries, down, to ${frame.columns} keys, across. Arrow keys walk the cells, + and − zoom, 0 shows all.`}
        aria-activedescendant={cell && "pattern-cell"}
        data-testid="pattern"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, y: event.clientY, moved: false };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerUp={(event) => {
          const next = drag.current?.moved ? undefined : under(event);
          drag.current = undefined;
          if (next) onCell(next);
        }}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setHovered(undefined)}
      >
        <div aria-hidden="true">
          <canvas ref={canvas} />
        </div>
        {cell && (
          <div id="pattern-cell" role="option" aria-selected="true" className="unseen">
            {describe(cell)}
          </div>
        )}
      </div>
      <div className="pattern-status" data-testid="pattern-status">
        <span>{told ? describe(told) : "point at a cell, or walk them with the arrow keys"}</span>
        <span className="push" />
        <span className="pattern-zoom">
          <button type="button" className="quiet" aria-label="Smaller" onClick={() => setView(zoomed(seen, 1 / 1.5, { x: 0, y: 0 }, frame))}>
            −
          </button>
          <button type="button" className="quiet" aria-label="Larger" onClick={() => setView(zoomed(seen, 1.5, { x: 0, y: 0 }, frame))}>
            +
          </button>
          <button type="button" className="quiet" onClick={() => setView(fitted(frame))}>
            all
          </button>
        </span>
      </div>
      <div className="unseen" aria-live="polite">
        {cell ? describe(cell) : ""}
      </div>
    </div>
  );
}

/** The cell that a key goes to; with shift ten at a time. */
function walked({ key, shiftKey }: KeyboardEvent, cell: Cell | undefined, { rows, columns }: Frame): Cell | undefined {
  const by = shiftKey ? 10 : 1;
  const steps: Record<string, Cell> = {
    ArrowUp: { row: -by, column: 0 },
    ArrowDown: { row: by, column: 0 },
    ArrowLeft: { row: 0, column: -by },
    ArrowRight: { row: 0, column: by },
  };
  const step = steps[key];
  if (!step) return undefined;
  if (!cell) return { row: rows - 1, column: 0 };
  return { row: Math.max(0, Math.min(rows - 1, cell.row + step.row)), column: Math.max(0, Math.min(columns - 1, cell.column + step.column)) };
}
