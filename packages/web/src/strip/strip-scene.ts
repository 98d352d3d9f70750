import { themeColour } from "../parts/use-canvas.ts";
import type { StripMetrics, StripPalette } from "./draw-strip.ts";
import type { LitTokens } from "./lights.ts";
import { shadeOf } from "./shades.ts";
import { lowConfidence } from "./tokens.ts";

export function readPalette(): StripPalette {
  return {
    ink: themeColour("--ink"),
    faint: themeColour("--ink-3"),
    accent: themeColour("--lit"),
    focus: themeColour("--ink"),
    plain: [themeColour("--token-a"), themeColour("--token-b")],
  };
}

/** Measured once a font size: every column of a monospaced font is as wide as its zero. */
export function readMetrics(tokens: number, roomy: boolean): StripMetrics {
  const size = roomy ? 14 : 13;
  const font = `${size}px ${themeColour("--mono")}`;
  const context = document.createElement("canvas").getContext("2d");
  let columnWidth = size * 0.6;
  if (context) {
    context.font = font;
    columnWidth = context.measureText("0".repeat(100)).width / 100;
  }
  const digits = Math.max(3, String(tokens).length);
  return { font, columnWidth, lineHeight: roomy ? 28 : 24, gutter: Math.round(digits * columnWidth) + 22, margin: 10 };
}

export function shadesByToken(sure: Float32Array): Uint8Array {
  return Uint8Array.from(sure, shadeOf);
}

export function lowByToken(probability: Float32Array): Uint8Array {
  return Uint8Array.from(probability, (p) => (p < lowConfidence ? 1 : 0));
}

export function litByToken(tokens: number, ranges: readonly LitTokens[]): Uint8Array {
  const lit = new Uint8Array(tokens);
  for (const { start, end, bright } of ranges) {
    for (let i = Math.max(0, start); i < Math.min(tokens, end); i++) lit[i] = Math.max(lit[i] as number, bright ? 2 : 1);
  }
  return lit;
}
