import type { Attribution, LogitPart } from "../api/inside.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { css } from "../strip/cividis.ts";
import { SignedBar } from "./attribution-view.tsx";
import { formatScore } from "./format-score.ts";
import { signedColour } from "./share-colours.ts";

/** Direct logit attribution: what each layer's attention and MLP added to the token's logit, and the heads of each. */
export function LogitParts({ of: { parts, rest, target } }: { of: Attribution["logit"] }) {
  const dark = isDark(useSettings());
  const most = Math.max(1e-9, ...parts.map(({ score }) => Math.abs(score)));
  const mostOfHeads = Math.max(1e-9, ...parts.flatMap(({ heads = [] }) => heads.map(Math.abs)));
  const heads = Math.max(0, ...parts.map((part) => part.heads?.length ?? 0));
  return (
    <div className="logit-parts">
      <table data-testid="logit-parts">
        <thead>
          <tr>
            <th scope="col">part</th>
            <td />
            <th scope="col" className="number">
              added
            </th>
            {heads > 0 && <th scope="col">by head, 0 to {heads - 1}</th>}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.hook} data-kind={kindOf(part)}>
              <th scope="row" title={part.hook}>
                {nameOf(part)}
              </th>
              <td className="signed">
                <SignedBar size={part.score / most} />
              </td>
              <td className="number">{formatScore(part.score)}</td>
              {heads > 0 && (
                <td>
                  {part.heads && (
                    <span
                      className="head-cells"
                      role="img"
                      aria-label={part.heads.map((score, head) => `head ${head}: ${formatScore(score)}`).join(", ")}
                    >
                      {part.heads.map((score, head) => (
                        <i
                          key={head}
                          title={`head ${head}: ${formatScore(score)}`}
                          style={{ background: css(signedColour(score / mostOfHeads, dark)) }}
                        />
                      ))}
                    </span>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" title="What no part alone accounts for: biases of the last norm, rounding.">
              rest
            </th>
            <td />
            <td className="number">{formatScore(rest)}</td>
            {heads > 0 && <td />}
          </tr>
          <tr>
            <th scope="row">logit</th>
            <td />
            <td className="number">{formatScore(target)}</td>
            {heads > 0 && <td />}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const kindOf = ({ hook }: LogitPart): string =>
  hook.includes("cross") ? "cross" : hook.includes("attn") ? "attention" : hook.includes("mlp") ? "mlp" : "embedding";

function nameOf(part: LogitPart): string {
  const kind = kindOf(part);
  if (kind === "embedding") return part.hook.includes("pos") ? "positions" : "embedding";
  return `${part.layer} ${kind}`;
}
