/** All 65,536 half-precision numbers as single-precision ones, made when first asked for. */
let table: Float32Array | undefined;

export function halves(): Float32Array {
  table ??= Float32Array.from({ length: 0x1_0000 }, (_, bits) => numberOf(bits));
  return table;
}

function numberOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
