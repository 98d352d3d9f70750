const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` (0 to 1) of `columns`, exact to an eighth of a column, padded with spaces; anything above 0 shows. */
export function bar(share: number, columns: number): string {
  const part = Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 0;
  const steps = part > 0 ? Math.max(1, Math.round(part * columns * 8)) : 0;
  const drawn = "█".repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? "");
  return drawn.padEnd(columns);
}

const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** One character a value, tall as the value is to the largest; zero is a space. */
export function sparkline(values: readonly number[]): string {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return values.map((value) => (value <= 0 || most === 0 ? " " : (levels[Math.min(7, Math.floor((value / most) * 8))] ?? "█"))).join("");
}
