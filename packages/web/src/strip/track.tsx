import type { Span } from "@cutaway/core";
import { type PointerEvent, useLayoutEffect, useMemo, useRef } from "react";
import { prepareCanvas, type Size, themeColour, useSize } from "../parts/use-canvas.ts";
import { type Bins, binHeights } from "./bins.ts";
import type { Colouring, Colours } from "./colouring.ts";
import { type Shade, shadeOf } from "./shades.ts";

const titles: Record<Colouring, string> = {
  probability: "Surprise of each token, −ln p: the taller, the less the model expected it. Click to go there.",
  entropy: "Entropy at each token: the taller, the less the model was decided. Click to go there.",
  rank: "Rank of each token, on a logarithmic scale: the taller, the more tokens were likelier. Click to go there.",
};

/** The whole answer at a glance: how surprised or undecided the model was, what is lit, and which part the strip shows. */
export function Track({
  colours,
  colouring,
  lit,
  shades,
  window: shown,
  selected,
  onSelect,
}: {
  colours: Colours;
  colouring: Colouring;
  lit: Uint8Array;
  shades: readonly Shade[];
  window: Span;
  selected: number | undefined;
  onSelect: (token: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const count = colours.height.length;
  const bins = useMemo(() => binHeights(colours.height, lit, Math.max(1, Math.floor(size.width))), [colours, lit, size.width]);

  useLayoutEffect(() => {
    const context = canvas.current && size.width > 0 ? prepareCanvas(canvas.current, size) : null;
    if (context) drawTrack(context, bins, colours, shades, size);
  });

  const tokenUnder = (event: PointerEvent) => {
    const rect = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - rect.left) / rect.width) * count)));
  };
  const percent = (token: number) => `${(token / Math.max(1, count)) * 100}%`;

  return (
    <div
      ref={box}
      className="track"
      aria-hidden="true"
      title={titles[colouring]}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onSelect(tokenUnder(event));
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) onSelect(tokenUnder(event));
      }}
    >
      <canvas ref={canvas} />
      {shown.end - shown.start + 1 < count && (
        <div className="track-window" style={{ left: percent(shown.start), width: percent(Math.max(0, shown.end + 1 - shown.start)) }} />
      )}
      {selected !== undefined && <div className="track-needle" style={{ left: percent(selected + 0.5) }} />}
    </div>
  );
}

function drawTrack(
  context: CanvasRenderingContext2D,
  { peak, lit }: Bins,
  colours: Colours,
  shades: readonly Shade[],
  { width, height }: Size,
): void {
  context.clearRect(0, 0, width, height);
  const accent = themeColour("--lit");
  const base = themeColour("--line");
  const step = width / peak.length;
  const floor = height - 5;
  context.fillStyle = base;
  context.fillRect(0, floor, width, 1);
  for (let i = 0; i < peak.length; i++) {
    const token = peak[i] as number;
    const x = i * step;
    if (token !== -1) {
      const tall = Math.max(1, (colours.height[token] as number) * (floor - 3));
      context.fillStyle = shades[shadeOf(colours.sure[token] as number)]?.fill ?? base;
      context.fillRect(x, floor - tall, Math.max(1, step > 3 ? step - 1 : step), tall);
    }
    if ((lit[i] as number) > 0) {
      context.fillStyle = accent;
      context.fillRect(x, height - (lit[i] === 2 ? 4 : 2), Math.max(2, step), lit[i] === 2 ? 4 : 2);
    }
  }
}
