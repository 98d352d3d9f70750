import { formatProbability } from "../format/numbers.ts";

export interface Line {
  position: number;
  shown: string;
  share: number;
}

/** How many keys have a line of their own. */
const mostLines = 14;
const lineHeight = 22;

/** The keys that a query looks at most, in the order of the text, and what is left for all others. */
export function linesOf(row: Float32Array, names: readonly string[]): { lines: Line[]; rest: number } {
  const strongest = Array.from(row, (share, position) => ({ position, share, shown: names[position] ?? "" }))
    .filter(({ share }) => share > 0.0005)
    .sort((a, b) => b.share - a.share)
    .slice(0, mostLines);
  const told = strongest.reduce((sum, { share }) => sum + share, 0);
  const all = row.reduce((sum, share) => sum + share, 0);
  return { lines: strongest.sort((a, b) => a.position - b.position), rest: Math.max(0, all - told) };
}

/** One token and what it looks at: a line to each key, as thick as its share. */
export function TokenLines({
  row,
  names,
  query,
  queryName,
  onKey,
  chosen,
}: {
  row: Float32Array;
  names: readonly string[];
  query: number;
  queryName: string;
  onKey: (key: number) => void;
  chosen: number | undefined;
}) {
  const { lines, rest } = linesOf(row, names);
  const height = Math.max(1, lines.length) * lineHeight;
  return (
    <div className="token-lines" data-testid="token-lines">
      <div className="lines-query" style={{ height }}>
        <span>
          <b>{queryName}</b>
          <small>#{query}</small>
        </span>
      </div>
      <svg width="100%" height={height} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {lines.map(({ position, share }, i) => (
          <path
            key={position}
            d={`M0 ${height / 2} C 50 ${height / 2}, 50 ${(i + 0.5) * lineHeight}, 100 ${(i + 0.5) * lineHeight}`}
            strokeWidth={Math.max(0.75, share * 14)}
            strokeOpacity={0.35 + 0.65 * share}
            data-chosen={position === chosen || undefined}
          />
        ))}
      </svg>
      <ol>
        {lines.map(({ position, share, shown }) => (
          <li key={position}>
            <button type="button" className="quiet" aria-pressed={position === chosen} onClick={() => onKey(position)}>
              <small>#{position}</small>
              <b>{shown}</b>
              <span className="number">{formatProbability(share)}</span>
            </button>
          </li>
        ))}
        {rest > 0.0005 && (
          <li className="lines-rest">
            <span>all others</span>
            <span className="number">{formatProbability(rest)}</span>
          </li>
        )}
      </ol>
    </div>
  );
}
