import type { Parameters, TokenStep } from "@cutaway/core";
import { useMemo } from "react";
import { formatProbability } from "../format/numbers.ts";
import { onOneLine, visibleLine, visibleToken } from "../format/visible.ts";
import { type StageDistribution, stageDistributions } from "./stage-distributions.ts";

/** How many alternatives have a row. */
const most = 8;

/** The recorded alternatives as a waterfall: their probability by the model, and after each stage in turn; where the chosen one stood among them. */
export function StageTable({ step, parameters }: { step: TokenStep; parameters: Parameters }) {
  const stages = useMemo(() => stageDistributions(step, parameters), [step, parameters]);
  const { top = [] } = step;
  const rows = top.map((token, index) => ({ token, index })).filter(({ token }, i) => i < most || token.id === step.id);
  return (
    <div className="stage-table-box">
      <table className="stage-table" data-testid="stage-table">
        <thead>
          <tr>
            <th>token</th>
            <th className="number">model</th>
            {stages.map(({ stage }, i) => (
              <th key={i} className="number" title={`after ${stage}`}>
                <span className="stage-place" aria-hidden="true">
                  {i + 1}
                </span>
                <span className="unseen">{visibleLine(stage)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ token, index }) => (
            <tr key={index} data-chosen={token.id === step.id || undefined}>
              <th scope="row">{onOneLine(visibleToken(token.bytes)).replaceAll(" ", "·") || "∅"}</th>
              <td className="number">{formatProbability(Math.exp(token.logprob))}</td>
              {stages.map((stage, i) => (
                <td key={i} className="number">
                  <After of={stage} index={index} />
                </td>
              ))}
            </tr>
          ))}
          <tr className="stage-table-rank">
            <th scope="row" title="Where the chosen token stood, 1 the most probable">
              rank
            </th>
            <td className="number">{step.rank === undefined ? "?" : step.rank + 1}</td>
            {stages.map(({ rank, probability }, i) => (
              <td key={i} className="number">
                {rank === undefined ? (probability ? "out" : "?") : rank + 1}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function After({ of: { probability }, index }: { of: StageDistribution; index: number }) {
  if (!probability) return <span title="The recorded alternatives do not tell">?</span>;
  const found = probability.get(index);
  if (!found) return <i title="taken out">✕</i>;
  const [least, greatest] = found;
  if (least === 1) return "100%"; // nothing else is left
  if (greatest - least < 0.0005) return formatProbability(greatest);
  return (
    <span title={`${formatProbability(least)} to ${formatProbability(greatest)}: tokens that were not recorded may weigh more or less`}>
      ≤{formatProbability(greatest)}
    </span>
  );
}
