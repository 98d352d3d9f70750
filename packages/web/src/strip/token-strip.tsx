import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { onOneLine } from "../format/visible.ts";
import { prepareCanvas, useSize } from "../parts/use-canvas.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { describeToken } from "./describe-token.ts";
import { drawStrip, type StripScene } from "./draw-strip.ts";
import { layoutStrip, lineOf, tokenAt, tokenBeside } from "./layout.ts";
import type { LitTokens } from "./lights.ts";
import { shadesOf } from "./shades.ts";
import { litByToken, lowByToken, readMetrics, readPalette, shadesByToken } from "./strip-scene.ts";
import { SurpriseTrack } from "./surprise-track.tsx";
import type { StripTokens } from "./tokens.ts";

/**
 * The tokens of an answer as running text on a canvas, shaded by probability. Only what is on screen is drawn.
 * To assistive technology it is a list box whose one present option is the current token.
 */
export function TokenStrip({
  tokens,
  lit,
  selected,
  onSelect,
}: {
  tokens: StripTokens;
  lit: readonly LitTokens[];
  selected: number | undefined;
  onSelect: (token: number) => void;
}) {
  const settings = useSettings();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(scroller);
  const [hovered, setHovered] = useState<number>();
  const [scrollTop, setScrollTop] = useState(0);

  const count = tokens.shown.length;
  const metrics = useMemo(() => readMetrics(count, settings.density === "roomy"), [count, settings.density]);
  const columns = Math.max(8, Math.floor((size.width - metrics.gutter - 12) / metrics.columnWidth));
  const layout = useMemo(() => layoutStrip(tokens.shown, columns), [tokens, columns]);
  const shade = useMemo(() => shadesByToken(tokens.probability), [tokens]);
  const low = useMemo(() => lowByToken(tokens.probability), [tokens]);
  const litBy = useMemo(() => litByToken(count, lit), [count, lit]);
  const theme = isDark(settings) ? "dark" : "light";
  const shades = useMemo(() => shadesOf(theme), [theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read from the style sheet, which follows the theme
  const palette = useMemo(readPalette, [theme]);
  const scene: StripScene = { layout, shown: tokens.shown, shade, shades, low, lit: litBy, selected, hovered, palette, metrics };

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
    scroller.current?.scrollIntoView({ block: "nearest" });
  }, [selected, count, layout, size.height, showLine]);

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
      {tokens.hasProbabilities && (
        <SurpriseTrack probability={tokens.probability} lit={litBy} shades={shades} window={window} selected={selected} onSelect={onSelect} />
      )}
      <div
        ref={scroller}
        className="strip-scroller"
        role="listbox"
        tabIndex={0}
        aria-label={`Tokens of the answer, ${count}. Arrow keys walk them.`}
        aria-activedescendant={selected === undefined ? undefined : "strip-token"}
        data-testid="strip"
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
          <div id="strip-token" role="option" aria-selected="true" aria-posinset={selected + 1} aria-setsize={count} className="unseen">
            {onOneLine(tokens.shown[selected] as string)}
          </div>
        )}
      </div>
      <div className="strip-status" data-testid="strip-status">
        {told !== undefined && told < count ? describeToken(tokens, told) : `${count} tokens · click one, or walk them with [ ] and the arrow keys`}
      </div>
      <div className="unseen" aria-live="polite" data-testid="strip-live">
        {selected !== undefined && selected < count ? describeToken(tokens, selected) : ""}
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
