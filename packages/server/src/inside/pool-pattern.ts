/**
 * A pattern [queries, keys] made small, [rows, columns]: how much of the attention of the queries of a row goes to the keys of a column, so that
 * every row still adds up to 1 and a thin line stays as bright as it is.
 * @returns the mean share on the first key, of all queries after the first
 */
export function poolPattern(
  pattern: Float32Array,
  size: { queries: number; keys: number; rows: number; columns: number },
  into: Float32Array,
): number {
  const { queries, keys, rows, columns } = size;
  const columnOf = Uint16Array.from({ length: keys }, (_, key) => Math.floor((key * columns) / keys));
  const inRow = new Float64Array(rows);
  const sums = new Float64Array(rows * columns);
  let sink = 0;
  for (let query = 0; query < queries; query++) {
    const row = Math.floor((query * rows) / queries);
    inRow[row] = (inRow[row] as number) + 1;
    const from = query * keys;
    for (let key = 0; key < keys; key++) {
      const at = row * columns + (columnOf[key] as number);
      sums[at] = (sums[at] as number) + (pattern[from + key] as number);
    }
    if (query > 0) sink += pattern[from] as number;
  }
  for (let at = 0; at < sums.length; at++) into[at] = (sums[at] as number) / (inRow[Math.floor(at / columns)] as number);
  return queries > 1 ? sink / (queries - 1) : Number.NaN;
}
