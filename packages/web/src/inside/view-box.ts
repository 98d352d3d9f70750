/** The part of a matrix that is seen: its first column and row, with fractions, and pixels a cell. */
export interface ViewBox {
  x: number;
  y: number;
  scale: number;
}

export interface Frame {
  columns: number;
  rows: number;
  /** Pixels there are for it. */
  width: number;
  height: number;
}

/** All of it. */
export const fitted = ({ columns, rows, width, height }: Frame): ViewBox => ({ x: 0, y: 0, scale: Math.min(width / columns, height / rows) });

/** Pixels a cell at which its token can be read beside it. */
const largest = 40;

/** Larger or smaller, so that what is under a pixel stays there. */
export function zoomed(view: ViewBox, factor: number, at: { x: number; y: number }, frame: Frame): ViewBox {
  const least = fitted(frame).scale;
  const scale = Math.max(least, Math.min(Math.max(largest, least), view.scale * factor));
  return kept({ scale, x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale }, frame);
}

export const moved = (view: ViewBox, by: { x: number; y: number }, frame: Frame): ViewBox =>
  kept({ ...view, x: view.x - by.x / view.scale, y: view.y - by.y / view.scale }, frame);

/** So that a cell is seen. */
export function showing(view: ViewBox, cell: { row: number; column: number }, frame: Frame): ViewBox {
  const [across, down] = [frame.width / view.scale, frame.height / view.scale];
  const x = cell.column < view.x || cell.column + 1 > view.x + across ? cell.column - across / 2 : view.x;
  const y = cell.row < view.y || cell.row + 1 > view.y + down ? cell.row - down / 2 : view.y;
  return kept({ ...view, x, y }, frame);
}

function kept({ scale, x, y }: ViewBox, { columns, rows, width, height }: Frame): ViewBox {
  const within = (at: number, count: number, room: number) => Math.max(0, Math.min(at, count - room / scale));
  return { scale, x: within(x, columns, width), y: within(y, rows, height) };
}
