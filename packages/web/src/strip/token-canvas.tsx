import type { Span } from "@cutaway/core";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { formatCount } from "../format/numbers.ts";
import { onOneLine } from "../format/visible.ts";
import { prepareCanvas, useSize } from "../parts/use-canvas.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { drawStrip, type StripScene } from "./draw-strip.ts";
import { layoutStrip, lineOf, tokenAt, tokenBeside } from "./layout.ts";
import type { Shade } from "./shades.ts";
import { readMetrics, readPalette } from "./strip-scene.ts";

/** Tokens and how each is drawn; arrays are by token. */
export interface CanvasTokens {
  shown: readonly string[];
  /** Index into `shades`, or `unknownShade`. */
  shade: Uint8Array;
  shades: readonly Shade[];
  /** 1 is underlined. */
  low: Uint8Array;
  lit: Uint8Array;
  /** Among the tokens, a mark that is none of them. */
  unnumbered?: number | undefined;
}

/**
 * Tokens as running text on a canvas, shaded. Only what is on screen is drawn.
 * To assistive technology it is a list box whose one present option is the current token.
 * name      test ids and element ids begin with it
 * label     what these tokens are
 * describe  one token in one line, for the status bar and for a screen reader
 * above     drawn over the strip, told which tokens are on screen
 */
export function TokenCanvas({
  tokens: { shown, shade, shades, low, lit, unnumbered },
  name,
  label,
  describe,
  above,
  selected,
  isFollowed = true,
  onSelect,
}: {
  tokens: CanvasTokens;
  name: string;
  label: string;
  describe: (token: number) => string;
  above?: (window: Span) => ReactNode;
  selected: number | undefined;
  /** Whether the page, too, is scrolled to a token that is selected. */
  isFollowed?: boolean;
  onSelect: (token: number) => void;
}) {
  const settings = useSettings();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(scroller);
  const [hovered, setHovered] = useState<number>();
  const [scrollTop, setScrollTop] = useState(0);

  const count = shown.length;
  const metrics = useMemo(() => readMetrics(count, settings.density === "roomy"), [count, settings.density]);
  const columns = Math.max(8, Math.floor((size.width - metrics.gutter - 12) / metrics.columnWidth));
  const layout = useMemo(() => layoutStrip(shown, columns), [shown, columns]);
  const theme = isDark(settings) ? "dark" : "light";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read from the style sheet, which follows the theme
  const palette = useMemo(readPalette, [theme]);
  const scene: StripScene = { layout, shown, shade, shades, low, lit, unnumbered, selected, hovered, palette, metrics };

  const draw = () => {
    if (!canvas.current || !scroller.current || size.width === 0) return;
    const context = prepareCanvas(canvas.current, size);
    if (context) drawStrip(context, scene, scroller.current.scrollTop, size.width, size.height);
  };
  useLayoutEffect(draw);

  const drawNow = useRef(draw);
  drawNow.current = draw;
  useEffect(() => {
    const target = scroller.current;
    if (!target) return;
    let frame = 0;
    const onScroll = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        drawNow.current();
        setScrollTop(target.scrollTop);
      });
    };
    target.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      target.removeEventListener("scroll", onScroll);
    };
  }, []);

  const height = layout.lines * metrics.lineHeight + metrics.margin * 2;
  const showLine = useCallback(
    (line: number) => {
      const target = scroller.current;
      if (!target) return;
      const top = metrics.margin + line * metrics.lineHeight;
      if (top < target.scrollTop + metrics.lineHeight || top > target.scrollTop + target.clientHeight - 2 * metrics.lineHeight) {
        target.scrollTop = Math.max(0, top - target.clientHeight / 3);
      }
    },
    [metrics],
  );
  useEffect(() => {
    if (selected === undefined || selected >= count || size.height === 0) return;
    showLine(lineOf(layout, selected));
    if (isFollowed) scroller.current?.scrollIntoView({ block: "nearest" });
  }, [selected, isFollowed, count, layout, size.height, showLine]);

  const under = (event: PointerEvent): number | undefined => {
    const box = scroller.current?.getBoundingClientRect();
    if (!box || !scroller.current) return undefined;
    const line = Math.floor((event.clientY - box.top + scroller.current.scrollTop - metrics.margin) / metrics.lineHeight);
    return tokenAt(layout, line, (event.clientX - box.left - metrics.gutter) / metrics.columnWidth);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = selected ?? -1;
    const target = keyTarget(event.key, now, count, (lines) => (now < 0 ? 0 : tokenBeside(layout, now, lines)));
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(target);
  };

  const told = hovered ?? selected;
  const lines = { start: Math.floor(scrollTop / metrics.lineHeight), end: Math.ceil((scrollTop + size.height) / metrics.lineHeight) };
  const window = {
    start: layout.token[layout.lineStart[Math.min(lines.start, layout.lines)] ?? 0] ?? 0,
    end: layout.token[(layout.lineStart[Math.min(lines.end, layout.lines)] ?? 1) - 1] ?? count,
  };

  return (
    <div className="strip">
      {above?.(window)}
      <div
        ref={scroller}
        className="strip-scroller"
        role="listbox"
        tabIndex={0}
        aria-label={`${label}, ${count}. Arrow keys walk them.`}
        aria-activedescendant={selected === undefined ? undefined : `${name}-token`}
        data-testid={name}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          const token = under(event);
          if (token !== undefined) onSelect(token);
        }}
        onPointerMove={(event) => setHovered(under(event))}
        onPointerLeave={() => setHovered(undefined)}
      >
        <div className="strip-space" style={{ height }} aria-hidden="true">
          <canvas ref={canvas} className="strip-canvas" />
        </div>
        {selected !== undefined && selected < count && (
          <div id={`${name}-token`} role="option" aria-selected="true" aria-posinset={selected + 1} aria-setsize={count} className="unseen">
            {onOneLine(shown[selected] as string)}
          </div>
        )}
      </div>
      <div className="strip-status" data-testid={`${name}-status`}>
        {told !== undefined && told < count
          ? describe(told)
          : `${formatCount(unnumbered === undefined ? count : count - 1)} tokens · click one, or walk them with the arrow keys`}
      </div>
      <div className="unseen" aria-live="polite" data-testid={`${name}-live`}>
        {selected !== undefined && selected < count ? describe(selected) : ""}
      </div>
    </div>
  );
}

/** The token that a key goes to; undefined for a key that is not the strip's. */
function keyTarget(key: string, now: number, count: number, beside: (lines: -1 | 1) => number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case "ArrowRight":
      return Math.min(count - 1, now + 1);
    case "ArrowLeft":
      return Math.max(0, now - 1);
    case "ArrowDown":
      return beside(1);
    case "ArrowUp":
      return beside(-1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "PageDown":
      return Math.min(count - 1, Math.max(0, now) + 200);
    case "PageUp":
      return Math.max(0, now - 200);
    default:
      return undefined;
  }
}
