/** Points of one line, in order of x. */
export interface Line {
  name: string;
  points: { x: number; y: number }[];
}

export interface Plot {
  title: string;
  x: string;
  y: string;
  lines: readonly Line[];
}

const marks = ["●", "○", "×"];

/** A plot of `width` by `height` characters. */
export function plotText({ title, x, y, lines }: Plot, width = 64, height = 16): string {
  const { xEnd, yEnd } = ends(lines);
  const rows = Array.from({ length: height }, () => Array<string>(width).fill(" "));
  for (const [index, { points }] of lines.entries()) {
    for (const point of points) {
      const column = Math.round((point.x / xEnd) * (width - 1));
      const row = Math.round((1 - point.y / yEnd) * (height - 1));
      const cells = rows[row] as string[];
      cells[column] = cells[column] === " " ? (marks[index] ?? "+") : "*"; // several lines at one place
    }
  }
  const label = (row: number) => (row % 5 === 0 ? (yEnd * (1 - row / (height - 1))).toFixed(0) : "").padStart(5);
  return [
    `${title}: ${y}`,
    ...rows.map((row, index) => `${label(index)} │${row.join("").trimEnd()}`),
    `      └${"─".repeat(width)}`,
    `       0${String(xEnd).padStart(width - 1)} ${x}`,
    ...lines.map(({ name }, index) => `       ${marks[index] ?? "+"} ${name}`),
  ].join("\n");
}

/** The same as a picture that stands on light and dark ground. */
export function plotSvg({ title, x, y, lines }: Plot): string {
  const [left, top, width, height] = [56, 40, 560, 280];
  const { xEnd, yEnd } = ends(lines);
  const colors = ["#2f7de1", "#8a8f98", "#d9822b"];
  const at = (point: { x: number; y: number }) => ({ x: left + (point.x / xEnd) * width, y: top + (1 - point.y / yEnd) * height });
  const number = (value: number) => value.toFixed(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const [gx, gy] = [left + share * width, top + (1 - share) * height];
    return [
      `<path d="M${left} ${number(gy)}h${width}" stroke="#8884"/>`,
      `<text x="${left - 8}" y="${number(gy + 4)}" text-anchor="end">${number(share * yEnd)}</text>`,
      `<text x="${number(gx)}" y="${top + height + 18}" text-anchor="middle">${Math.round(share * xEnd)}</text>`,
    ];
  });
  const drawn = lines.flatMap(({ name, points }, index) => {
    const color = colors[index] ?? "#000";
    const places = points.map(at);
    return [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map((place) => `${number(place.x)},${number(place.y)}`).join(" ")}"/>`,
      ...places.map((place) => `<circle cx="${number(place.x)}" cy="${number(place.y)}" r="3" fill="${color}"/>`),
      `<text x="${left + 12}" y="${top + 16 + index * 18}" fill="${color}">${name}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 380" font-family="sans-serif" font-size="12" fill="#8a8f98">`,
    `<title>${title}</title>`,
    `<text x="${left}" y="20" font-size="14">${title}: ${y}</text>`,
    ...grid,
    ...drawn,
    `<text x="${left + width}" y="${top + height + 38}" text-anchor="end">${x}</text>`,
    "</svg>",
    "",
  ].join("\n");
}

/** Round numbers that all points lie below. */
function ends(lines: readonly Line[]): { xEnd: number; yEnd: number } {
  const points = lines.flatMap((line) => line.points);
  const roundUp = (value: number) => {
    const unit = 10 ** Math.floor(Math.log10(value)) / 2;
    return Math.ceil(value / unit) * unit;
  };
  return { xEnd: Math.max(...points.map(({ x }) => x)), yEnd: roundUp(Math.max(...points.map(({ y }) => y))) };
}
