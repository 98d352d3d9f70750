import { type Line, line } from "../terminal/line.ts";
import { count } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";

/** Numbers of a vector shown. */
const shown = 6;

/** One text: the beginning of its vector. More: how near each is to the first, nearest first. */
export function renderSimilarities(texts: readonly string[], vectors: readonly Float32Array[], width: number): Line[] {
  const [first] = vectors;
  if (!first) return [];
  if (vectors.length === 1) {
    const start = Array.from(first.subarray(0, shown), (number) => number.toFixed(4)).join("  ");
    return [
      line(`${count(first.length)} numbers of length ${Math.sqrt(dot(first, first)).toFixed(4)}: ${start}${first.length > shown ? "  …" : ""}`),
    ];
  }
  const rows = vectors
    .map((vector, at) => ({ at, cosine: cosine(first, vector) }))
    .slice(1)
    .toSorted((a, b) => b.cosine - a.cosine || a.at - b.at);
  const oneLine = (text: string) => text.replace(/\s+/g, " ");
  return [
    line(`cosine with ${JSON.stringify(oneLine(texts[0] ?? "").slice(0, 60))}`),
    ...table(
      [
        { header: "cosine", align: "right" },
        { header: "text", least: 12 },
      ],
      rows.map(({ at, cosine }) => [cosine.toFixed(4), oneLine(texts[at] ?? "")]),
      width,
    ),
  ];
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);

const cosine = (a: Float32Array, b: Float32Array): number => dot(a, b) / Math.max(1e-30, Math.sqrt(dot(a, a) * dot(b, b)));
