import type { PatternImage } from "./pattern-image.ts";
import type { Frame, ViewBox } from "./view-box.ts";

export interface PatternScene {
  image: PatternImage;
  view: ViewBox;
  /** Of the matrix alone, without its margins. */
  frame: Frame;
  /** Room for tokens at the left and above. */
  left: number;
  top: number;
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** The cell that is told. */
  cell: { row: number; column: number } | undefined;
  hovered: { row: number; column: number } | undefined;
  palette: { ink: string; faint: string; line: string; lit: string };
  font: string;
}

/** Pixels a cell from which on each token stands beside its row or column. */
const readable = 11;

/** Pixels between numbers of rows, where names have no room. */
const apart = 20;

/** Draws what is in view: one scaled image, and as many names as there is room for. */
export function drawPattern(context: CanvasRenderingContext2D, scene: PatternScene, ratio: number): void {
  const { image, view, frame, left, top, palette } = scene;
  context.clearRect(0, 0, left + frame.width, top + frame.height);
  const [wide, high] = seenSize(view, frame);
  const cell = view.scale * ratio;
  let at = 0;
  while (at + 1 < image.levels.length && cell * 2 ** (at + 1) <= 1.01) at++;
  const level = image.levels[at];
  if (level) {
    const [across, down] = [level.width / frame.columns, level.height / frame.rows];
    context.imageSmoothingEnabled = cell < 1;
    context.drawImage(level.image, view.x * across, view.y * down, (wide / view.scale) * across, (high / view.scale) * down, left, top, wide, high);
  }
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, wide + 1, high + 1);
  context.save();
  context.beginPath();
  context.rect(0, 0, left + frame.width, top + frame.height);
  context.clip();
  drawNames(context, scene);
  for (const marked of [scene.hovered, scene.cell]) if (marked) drawCross(context, scene, marked, marked === scene.cell);
  context.restore();
}

function drawCross(
  context: CanvasRenderingContext2D,
  { view, frame, left, top, palette }: PatternScene,
  { row, column }: { row: number; column: number },
  isTold: boolean,
): void {
  const x = left + (column - view.x) * view.scale;
  const y = top + (row - view.y) * view.scale;
  const size = Math.max(3, view.scale);
  context.fillStyle = palette.lit;
  context.globalAlpha = isTold ? 0.9 : 0.45;
  const [w, h] = seenSize(view, frame);
  if (y + size >= top && y <= top + h) {
    context.fillRect(left, y - 1, w, 1);
    context.fillRect(left, y + size, w, 1);
  }
  if (x + size >= left && x <= left + w) {
    context.fillRect(x - 1, top, 1, h);
    context.fillRect(x + size, top, 1, h);
  }
  context.globalAlpha = 1;
}

/** Pixels that the matrix takes of the frame. */
const seenSize = (view: ViewBox, frame: Frame): [width: number, height: number] => [
  Math.min(frame.width, (frame.columns - view.x) * view.scale),
  Math.min(frame.height, (frame.rows - view.y) * view.scale),
];

function drawNames(context: CanvasRenderingContext2D, { view, frame, left, top, rowNames, columnNames, cell, palette, font }: PatternScene): void {
  context.font = font;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.direction = "ltr";
  const isNamed = view.scale >= readable;
  const every = isNamed ? 1 : Math.ceil(apart / view.scale);
  const label = (names: readonly string[], i: number) => (isNamed ? fitting(names[i] ?? "") : String(i));
  const rows = places(view.y, frame.height / view.scale, frame.rows, every);
  for (const row of rows) {
    context.fillStyle = row === cell?.row ? palette.ink : palette.faint;
    context.fillText(label(rowNames, row), left - 6, top + (row + 0.5 - view.y) * view.scale, left - 8);
  }
  for (const column of places(view.x, frame.width / view.scale, frame.columns, every)) {
    context.fillStyle = column === cell?.column ? palette.ink : palette.faint;
    context.save();
    context.translate(left + (column + 0.5 - view.x) * view.scale, top - 6);
    context.rotate(-Math.PI / 2);
    context.textAlign = "left";
    context.fillText(label(columnNames, column), 0, 0, top - 8);
    context.restore();
  }
}

function places(from: number, room: number, count: number, every: number): number[] {
  const step = every === 1 ? 1 : niceStep(every);
  const out: number[] = [];
  for (let i = Math.ceil(from / step) * step; i < Math.min(count, from + room); i += step) out.push(i);
  return out;
}

/** 1, 2, 5, 10, 20 … */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? least;
}

const fitting = (name: string): string => (name.length > 14 ? `${name.slice(0, 13)}…` : name);
