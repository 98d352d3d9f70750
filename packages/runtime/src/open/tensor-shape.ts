import { CutawayError } from "@cutaway/core";

/** A size, or the name of one that is known only when the graph runs (`tokens`). Equal names are equal sizes. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** What NumPy's broadcasting makes of two shapes. @throws where they do not fit. */
export function broadcast(a: Shape, b: Shape, what: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw misfit(what, a, b);
  });
}

/** a [… n, k] times b [… k, m]. */
export function matMulShape(a: Shape, b: Shape, what: string): Shape {
  const [n, k] = a.slice(-2);
  const [inner, m] = b.slice(-2);
  if (a.length < 2 || b.length < 2 || k !== inner) throw misfit(what, a, b);
  return [...broadcast(a.slice(0, -2), b.slice(0, -2), what), n as Dimension, m as Dimension];
}

/**
 * How ONNX's Reshape is told to make `to` of `from`: a named size stays at its axis (0, it is copied), or moves (−1); only one may move.
 */
export function reshapeCode(from: Shape, to: Shape, what: string): bigint[] {
  const code = to.map((size, axis) => (typeof size === "number" ? BigInt(size) : from[axis] === size ? 0n : -1n));
  const moved = code.filter((size) => size === -1n).length;
  const numbers = (shape: Shape) => shape.reduce<number>((product, size) => (typeof size === "number" ? product * size : product), 1);
  const names = (shape: Shape) =>
    shape
      .filter((size) => typeof size === "string")
      .sort()
      .join();
  if (moved > 1 || names(from) !== names(to) || numbers(from) !== numbers(to)) throw misfit(what, from, to);
  return code;
}

export const shapeText = (shape: Shape): string => `[${shape.join(", ")}]`;

function misfit(what: string, a: Shape, b: Shape): CutawayError {
  return new CutawayError("bad-graph", `${what}: the shapes ${shapeText(a)} and ${shapeText(b)} do not fit`, {
    kind: "internal",
    data: { a: [...a], b: [...b] },
  });
}
