import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { AttentionOverview } from "../api/inside.ts";
import { formatProbability } from "../format/numbers.ts";
import { prepareCanvas, themeColour, useSize } from "../parts/use-canvas.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { pixelOf, sharePixels } from "./share-colours.ts";

export interface HeadPlace {
  layer: number;
  head: number;
}

/** Every head of a model small, a layer a line. The bar at a head's left is its share on the first token. */
export function HeadGrid({ of, chosen, onChoose }: { of: AttentionOverview; chosen: HeadPlace | undefined; onChoose: (head: HeadPlace) => void }) {
  const dark = isDark(useSettings());
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(holder);
  const [hovered, setHovered] = useState<HeadPlace>();
  const image = useMemo(() => imageOf(of, sharePixels(dark)), [of, dark]);
  const gutter = 26;
  const cell = Math.max(9, Math.min(width < 460 ? 26 : 40, Math.floor((width - gutter) / of.heads)));
  const height = of.layers * cell + 16;

  useLayoutEffect(() => {
    if (!canvas.current || width === 0) return;
    const context = prepareCanvas(canvas.current, { width, height });
    if (!context) return;
    const [faint, lit, ink] = ["--ink-2", "--lit", "--ink"].map(themeColour) as [string, string, string];
    context.clearRect(0, 0, width, height);
    context.font = `10px ${themeColour("--mono")}`;
    context.fillStyle = faint;
    context.textBaseline = "middle";
    for (let head = 0; head < of.heads; head += cell < 16 ? 4 : 1) {
      context.textAlign = "center";
      context.fillText(String(head), gutter + (head + 0.5) * cell, 7);
    }
    context.imageSmoothingEnabled = cell * (window.devicePixelRatio || 1) < of.rows;
    for (let layer = 0; layer < of.layers; layer++) {
      context.textAlign = "right";
      context.fillStyle = faint;
      if (cell >= 11 || layer % 2 === 0) context.fillText(String(layer), gutter - 5, 16 + (layer + 0.5) * cell);
      for (let head = 0; head < of.heads; head++) {
        const [x, y] = [gutter + head * cell, 16 + layer * cell];
        context.drawImage(image, head * of.columns, layer * of.rows, of.columns, of.rows, x + 3, y + 1, cell - 4, cell - 2);
        const sink = of.sink[layer * of.heads + head] as number;
        context.fillStyle = lit;
        const tall = Math.round((cell - 2) * (Number.isNaN(sink) ? 0 : sink));
        context.fillRect(x, y + cell - 1 - tall, 2, tall);
      }
    }
    for (const place of [hovered, chosen]) {
      if (!place) continue;
      context.strokeStyle = ink;
      context.lineWidth = place === chosen ? 2 : 1;
      context.strokeRect(gutter + place.head * cell, 16 + place.layer * cell, cell - 0.5, cell - 0.5);
    }
  });

  const under = (event: { clientX: number; clientY: number }): HeadPlace | undefined => {
    const box = holder.current?.getBoundingClientRect();
    if (!box) return undefined;
    const [head, layer] = [Math.floor((event.clientX - box.left - gutter) / cell), Math.floor((event.clientY - box.top - 16) / cell)];
    return head >= 0 && layer >= 0 && head < of.heads && layer < of.layers ? { layer, head } : undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, HeadPlace> = {
      ArrowUp: { layer: -1, head: 0 },
      ArrowDown: { layer: 1, head: 0 },
      ArrowLeft: { layer: 0, head: -1 },
      ArrowRight: { layer: 0, head: 1 },
    };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { layer, head } = chosen ?? { layer: 0, head: 0 };
    onChoose({ layer: within(layer + step.layer, of.layers), head: within(head + step.head, of.heads) });
  };
  const told = hovered ?? chosen;
  return (
    <div className="head-grid">
      <div
        ref={holder}
        className="head-holder"
        role="listbox"
        tabIndex={0}
        aria-label={`Attention of ${of.layers} layers, down, with ${of.heads} heads each, across. Arrow keys walk them.`}
        aria-activedescendant={chosen && "head-chosen"}
        data-testid="heads"
        style={{ height }}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setHovered(under(event))}
        onPointerLeave={() => setHovered(undefined)}
        onPointerUp={(event) => {
          const place = under(event);
          if (place) onChoose(place);
        }}
      >
        <div aria-hidden="true">
          <canvas ref={canvas} />
        </div>
        {chosen && (
          <div id="head-chosen" role="option" aria-selected="true" className="unseen">
            {describeHead(of, chosen)}
          </div>
        )}
      </div>
      <p className="pattern-status" data-testid="heads-status">
        {told ? describeHead(of, told) : "a layer a line, a head a column"}
      </p>
    </div>
  );
}

export function describeHead({ sink, heads }: AttentionOverview, { layer, head }: HeadPlace): string {
  const share = sink[layer * heads + head];
  return `layer ${layer} · head ${head} · ${share === undefined || Number.isNaN(share) ? "–" : formatProbability(share)} on the first token`;
}

const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));

/** All small patterns as one image, a layer a line. */
function imageOf({ layers, heads, rows, columns, small }: AttentionOverview, pixels: Uint32Array): HTMLCanvasElement {
  const image = document.createElement("canvas");
  image.width = heads * columns;
  image.height = layers * rows;
  const data = new ImageData(image.width, image.height);
  const into = new Uint32Array(data.data.buffer);
  for (let i = 0; i < small.length; i++) {
    const column = i % columns;
    const row = Math.floor(i / columns) % rows;
    const head = Math.floor(i / (columns * rows)) % heads;
    const layer = Math.floor(i / (columns * rows * heads));
    into[(layer * rows + row) * image.width + head * columns + column] = pixels[pixelOf(small[i] as number)] as number;
  }
  image.getContext("2d")?.putImageData(data, 0, 0);
  return image;
}
