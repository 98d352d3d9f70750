import { formatCount, formatProbability } from "../format/numbers.ts";

const height = 120;
const left = 58;
const bottom = 18;

/** Of one token, its rank after each layer, on a logarithmic scale with the first place at the top; the same as a table for whoever cannot see it. */
export function RankPath({
  ranks,
  chosen,
  onChoose,
}: {
  ranks: { layer: number; rank: number; logprob: number }[];
  chosen: number;
  onChoose: (layer: number) => void;
}) {
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...ranks.map(({ rank }) => rank + 1)))));
  const y = (rank: number) => 8 + (Math.log10(rank + 1) / decades) * (height - bottom - 16);
  const x = (i: number) => (ranks.length === 1 ? 50 : (i / (ranks.length - 1)) * 100);
  const first = ranks.find(({ rank }, i) => rank === 0 && ranks.slice(i).every((later) => later.rank === 0));
  return (
    <div className="rank-path" data-testid="rank-path">
      <div className="rank-chart" style={{ height }}>
        <svg width={left} height={height} aria-hidden="true">
          {Array.from({ length: decades + 1 }, (_, i) => (
            <text key={i} x={left - 8} y={y(10 ** i - 1) + 4} textAnchor="end">
              {i === 0 ? "1st" : formatCount(10 ** i)}
            </text>
          ))}
        </svg>
        <div className="rank-plot">
          <svg width="100%" height={height - bottom} viewBox={`0 0 100 ${height - bottom}`} preserveAspectRatio="none" aria-hidden="true">
            {Array.from({ length: decades + 1 }, (_, i) => (
              <line key={i} x1="0" x2="100" y1={y(10 ** i - 1)} y2={y(10 ** i - 1)} className="grid" />
            ))}
            <polyline points={ranks.map(({ rank }, i) => `${x(i)},${y(rank)}`).join(" ")} />
          </svg>
          {ranks.map(({ layer, rank, logprob }, i) => (
            <button
              key={layer}
              type="button"
              tabIndex={-1}
              data-chosen={layer === chosen || undefined}
              style={{ left: `${x(i)}%`, top: y(rank) }}
              title={`layer ${layer === -1 ? "–" : layer}: rank ${formatCount(rank + 1)}, ${formatProbability(Math.exp(logprob))}`}
              onClick={() => onChoose(layer)}
              aria-label={`layer ${layer}: rank ${rank + 1}`}
            />
          ))}
          <p aria-hidden="true">
            <span>embeddings</span>
            <span>layer {ranks.at(-1)?.layer}</span>
          </p>
        </div>
      </div>
      <p className="fine">
        {first
          ? `First from layer ${first.layer === -1 ? "none (the embeddings)" : first.layer} on.`
          : "Never first for good: another token is likelier in the end."}
      </p>
    </div>
  );
}
