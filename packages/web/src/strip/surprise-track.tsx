import type { Span } from "@cutaway/core";
import { type PointerEvent, useLayoutEffect, useMemo, useRef } from "react";
import { prepareCanvas, themeColour, useSize } from "../parts/use-canvas.ts";
import { type Shade, shadeOf } from "./shades.ts";
import { binSurprise, fullSurprise, type SurpriseBins } from "./surprise.ts";

/** The whole answer at a glance: how surprised the model was by its own tokens, what is lit, and which part the strip shows. */
export function SurpriseTrack({
  probability,
  lit,
  shades,
  window: shown,
  selected,
  onSelect,
}: {
  probability: Float32Array;
  lit: Uint8Array;
  shades: readonly Shade[];
  window: Span;
  selected: number | undefined;
  onSelect: (token: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const bins = useMemo(() => binSurprise(probability, lit, Math.max(1, Math.floor(size.width))), [probability, lit, size.width]);

  useLayoutEffect(() => {
    const context = canvas.current && size.width > 0 ? prepareCanvas(canvas.current, size) : null;
    if (context) drawTrack(context, bins, shades, size.width, size.height);
  });

  const tokenUnder = (event: PointerEvent) => {
    const rect = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(probability.length - 1, Math.floor(((event.clientX - rect.left) / rect.width) * probability.length)));
  };
  const percent = (token: number) => `${(token / Math.max(1, probability.length)) * 100}%`;

  return (
    <div
      ref={box}
      className="track"
      aria-hidden="true"
      title="Surprise of each token, −ln p: the taller, the less the model expected it. Click to go there."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onSelect(tokenUnder(event));
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) onSelect(tokenUnder(event));
      }}
    >
      <canvas ref={canvas} />
      {shown.end - shown.start + 1 < probability.length && (
        <div className="track-window" style={{ left: percent(shown.start), width: percent(Math.max(0, shown.end + 1 - shown.start)) }} />
      )}
      {selected !== undefined && <div className="track-needle" style={{ left: percent(selected + 0.5) }} />}
    </div>
  );
}

function drawTrack(
  context: CanvasRenderingContext2D,
  { surprise, lit }: SurpriseBins,
  shades: readonly Shade[],
  width: number,
  height: number,
): void {
  context.clearRect(0, 0, width, height);
  const accent = themeColour("--lit");
  const base = themeColour("--line");
  const step = width / surprise.length;
  const floor = height - 5;
  context.fillStyle = base;
  context.fillRect(0, floor, width, 1);
  for (let i = 0; i < surprise.length; i++) {
    const value = surprise[i] as number;
    const x = i * step;
    if (!Number.isNaN(value)) {
      const tall = Math.max(1, Math.min(1, value / fullSurprise) * (floor - 3));
      context.fillStyle = shades[shadeOf(Math.exp(-value))]?.fill ?? base;
      context.fillRect(x, floor - tall, Math.max(1, step > 3 ? step - 1 : step), tall);
    }
    if ((lit[i] as number) > 0) {
      context.fillStyle = accent;
      context.fillRect(x, height - (lit[i] === 2 ? 4 : 2), Math.max(2, step), lit[i] === 2 ? 4 : 2);
    }
  }
}
