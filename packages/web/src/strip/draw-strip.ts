import { isNarrow } from "./columns.ts";
import type { StripLayout } from "./layout.ts";
import type { Shade } from "./shades.ts";
import { unknownShade } from "./shades.ts";

/** Colours that follow the theme, as CSS colours. */
export interface StripPalette {
  ink: string;
  faint: string;
  accent: string;
  focus: string;
  /** Backgrounds of tokens whose probability is unknown, in turn. */
  plain: readonly [string, string];
}

/** Pixels. */
export interface StripMetrics {
  font: string;
  columnWidth: number;
  lineHeight: number;
  /** Room at the left for the number of each line's first token. */
  gutter: number;
  /** Room above the first and below the last line. */
  margin: number;
}

export interface StripScene {
  layout: StripLayout;
  shown: readonly string[];
  /** [tokens] index into `shades`, or `unknownShade`. */
  shade: Uint8Array;
  shades: readonly Shade[];
  /** [tokens] 1 where the model found the token unlikely. */
  low: Uint8Array;
  /** [tokens] 0 dark, 1 lit softly, 2 lit brightly. */
  lit: Uint8Array;
  /** Among the tokens, one that is none of them and has no number. */
  unnumbered?: number | undefined;
  selected: number | undefined;
  hovered: number | undefined;
  palette: StripPalette;
  metrics: StripMetrics;
}

/** Draws the lines that are on screen, and nothing else: the cost depends on the window, not on the number of tokens. */
export function drawStrip(context: CanvasRenderingContext2D, scene: StripScene, scrollTop: number, width: number, height: number): void {
  const { layout, metrics } = scene;
  context.clearRect(0, 0, width, height);
  context.font = metrics.font;
  context.textBaseline = "middle";
  context.direction = "ltr";
  const first = Math.max(0, Math.floor((scrollTop - metrics.margin) / metrics.lineHeight));
  const last = Math.min(layout.lines - 1, Math.ceil((scrollTop + height - metrics.margin) / metrics.lineHeight));
  for (let line = first; line <= last; line++) {
    const y = Math.round(metrics.margin + line * metrics.lineHeight - scrollTop);
    drawLineNumber(context, scene, line, y);
    const end = layout.lineStart[line + 1] as number;
    for (let piece = layout.lineStart[line] as number; piece < end; piece++) drawPiece(context, scene, piece, y);
    for (let piece = layout.lineStart[line] as number; piece < end; piece++) drawMarks(context, scene, piece, y);
  }
}

function drawLineNumber(context: CanvasRenderingContext2D, { layout, metrics, palette, unnumbered }: StripScene, line: number, y: number): void {
  const piece = layout.lineStart[line] as number;
  if (piece === layout.lineStart[line + 1]) return;
  const token = layout.token[piece] as number;
  if (token === unnumbered) return;
  context.fillStyle = palette.faint;
  context.textAlign = "right";
  context.fillText(String(unnumbered !== undefined && token > unnumbered ? token - 1 : token), metrics.gutter - 10, y + metrics.lineHeight / 2);
  context.textAlign = "left";
}

function drawPiece(context: CanvasRenderingContext2D, scene: StripScene, piece: number, y: number): void {
  const { layout, metrics, palette } = scene;
  const token = layout.token[piece] as number;
  const width = (layout.width[piece] as number) * metrics.columnWidth;
  const x = metrics.gutter + (layout.column[piece] as number) * metrics.columnWidth;
  const shade = scene.shade[token] as number;
  const known = shade !== unknownShade ? scene.shades[shade] : undefined;
  context.fillStyle = known ? known.fill : palette.plain[token % 2 === 0 ? 0 : 1];
  context.fillRect(x, y + 2, Math.max(2, width - 1), metrics.lineHeight - 4);

  const text = (scene.shown[token] as string).slice(layout.from[piece], layout.to[piece]);
  const ink = known ? known.ink : palette.ink;
  context.fillStyle = ink;
  const middle = y + metrics.lineHeight / 2;
  if (isNarrow(text)) {
    if (text.trim() !== "") context.fillText(text, x, middle);
    context.globalAlpha = 0.45;
    for (let i = text.indexOf(" "); i !== -1; i = text.indexOf(" ", i + 1)) {
      context.fillRect(Math.round(x + (i + 0.5) * metrics.columnWidth) - 1, middle - 1, 2, 2);
    }
    context.globalAlpha = 1;
  } else {
    context.fillText(text, x, middle, width);
  }
  if (scene.low[token] === 1) context.fillRect(x + 1, y + metrics.lineHeight - 4, Math.max(1, width - 3), 2);
}

function drawMarks(context: CanvasRenderingContext2D, scene: StripScene, piece: number, y: number): void {
  const { layout, metrics, palette, lit } = scene;
  const token = layout.token[piece] as number;
  const x = metrics.gutter + (layout.column[piece] as number) * metrics.columnWidth;
  const width = (layout.width[piece] as number) * metrics.columnWidth;
  const light = lit[token] as number;
  if (light > 0) {
    const thick = light === 2 ? 2 : 1;
    context.fillStyle = palette.accent;
    context.fillRect(x - 1, y, width + 1, thick);
    context.fillRect(x - 1, y + metrics.lineHeight - thick, width + 1, thick);
    if (lit[token - 1] !== light && piece === layout.tokenPiece[token]) context.fillRect(x - 2, y, 2, metrics.lineHeight);
    if (lit[token + 1] !== light && piece + 1 === layout.tokenPiece[token + 1]) context.fillRect(x + width - 1, y, 2, metrics.lineHeight);
  }
  if (token === scene.selected || token === scene.hovered) {
    context.strokeStyle = palette.focus;
    context.lineWidth = token === scene.selected ? 2 : 1;
    context.strokeRect(x - 0.5, y + 1.5, Math.max(3, width), metrics.lineHeight - 3);
  }
}
