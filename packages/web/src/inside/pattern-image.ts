import type { AttentionPattern } from "../api/inside.ts";
import { pixelOf } from "./share-colours.ts";

/** A pattern as images, each half as large as the one before; of four cells the largest stays, so that a thin line is not lost. */
export interface PatternImage {
  levels: { width: number; height: number; image: HTMLCanvasElement }[];
}

/** Sides at which no smaller image is needed. */
const smallest = 128;

export function patternImage({ queries, keys, pattern }: AttentionPattern, pixels: Uint32Array): PatternImage {
  const levels: PatternImage["levels"] = [];
  let [width, height, shares] = [keys, queries, pattern];
  for (;;) {
    levels.push({ width, height, image: imageOf(shares, width, height, pixels) });
    if (width <= smallest && height <= smallest) return { levels };
    [shares, width, height] = halved(shares, width, height);
  }
}

function imageOf(shares: Float32Array, width: number, height: number, pixels: Uint32Array): HTMLCanvasElement {
  const image = document.createElement("canvas");
  image.width = width;
  image.height = height;
  const data = new ImageData(width, height);
  const into = new Uint32Array(data.data.buffer);
  for (let i = 0; i < into.length; i++) into[i] = pixels[pixelOf(shares[i] as number)] as number;
  image.getContext("2d")?.putImageData(data, 0, 0);
  return image;
}

function halved(shares: Float32Array, width: number, height: number): [Float32Array, number, number] {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Float32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const to = (y >> 1) * columns;
    const from = y * width;
    for (let x = 0; x < width; x++) {
      const at = to + (x >> 1);
      const share = shares[from + x] as number;
      if (share > (out[at] as number)) out[at] = share;
    }
  }
  return [out, columns, rows];
}
