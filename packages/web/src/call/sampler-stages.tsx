import type { StageReport } from "@cutaway/core";
import { formatCount, formatNats, formatProbability } from "../format/numbers.ts";
import { visibleLine } from "../format/visible.ts";

/**
 * The sampler as a waterfall: what each stage left, took out and changed, in the order in which they ran.
 * Figures are cells of a table; the drawing under them repeats them for the eye: mass kept and taken out, entropy before and after.
 */
export function SamplerStages({ stages }: { stages: readonly StageReport[] }) {
  const widest = Math.max(1, ...stages.flatMap(({ entropyBefore, entropyAfter }) => [entropyBefore, entropyAfter]));
  return (
    <>
      <p className="bar-key" aria-hidden="true">
        <span>
          <i />
          mass kept
        </span>
        <span>
          <i className="key-removed" />
          removed
        </span>
        <span>
          <svg viewBox="0 0 26 10" aria-hidden="true">
            <path d="M4 5h18" className="stage-change" />
            <circle cx="4" cy="5" r="3.2" className="stage-before" />
            <circle cx="22" cy="5" r="3.2" className="stage-after" />
          </svg>
          entropy before, after
        </span>
      </p>
      <table className="stages" data-testid="stages">
        <thead>
          <tr>
            <th className="number">kept</th>
            <th className="number">removed</th>
            <th className="number">entropy, nats</th>
            <th className="number" title="Kullback–Leibler divergence of the distribution after the stage from the one before, nats">
              KL
            </th>
          </tr>
        </thead>
        {stages.map((stage, i) => (
          <tbody key={i}>
            <tr>
              <th scope="rowgroup" colSpan={4}>
                <span className="stage-place">{i + 1}</span> {visibleLine(stage.stage)}
                {stage.setting !== undefined && <b> {stage.setting}</b>}
                {isIdle(stage) && <em title="It changed nothing at this token">no effect</em>}
              </th>
            </tr>
            <tr>
              <td className="number">{formatCount(stage.kept)}</td>
              <td className="number">{stage.removedMass === 0 ? "0" : formatProbability(stage.removedMass)}</td>
              <td className="number">
                {formatNats(stage.entropyBefore)} → {formatNats(stage.entropyAfter)}
              </td>
              <td className="number">{formatNats(stage.kl)}</td>
            </tr>
            <tr className="stage-drawing">
              <td colSpan={4}>
                <Drawing stage={stage} widest={widest} />
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </>
  );
}

const isIdle = ({ removedMass, kl }: StageReport): boolean => removedMass === 0 && Math.abs(kl) < 1e-9;

const percent = (share: number) => `${Math.max(0, Math.min(1, share)) * 100}%`;

/** Upper lane: the mass before the stage, the part it took out hatched. Lower lane: entropy from the ring to the dot, on an axis from 0 to `widest` nats. */
function Drawing({ stage: { removedMass, entropyBefore, entropyAfter }, widest }: { stage: StageReport; widest: number }) {
  const [from, to] = [entropyBefore / widest, entropyAfter / widest];
  return (
    <>
      <span className="stage-mass" aria-hidden="true">
        <i style={{ width: percent(1 - removedMass) }} />
        <i className="stage-removed" style={{ width: percent(removedMass) }} />
      </span>
      <svg className="stage-entropy" height="12" width="100%" aria-hidden="true">
        <line x1="0" x2="100%" y1="6" y2="6" className="stage-axis" />
        <line x1={percent(from)} x2={percent(to)} y1="6" y2="6" className="stage-change" />
        <circle cx={percent(from)} cy="6" r="3.5" className="stage-before" />
        <circle cx={percent(to)} cy="6" r="3.5" className="stage-after" />
      </svg>
    </>
  );
}
