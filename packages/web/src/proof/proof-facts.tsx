import type { Verification } from "@cutaway/core";
import { formatUsd } from "../format/numbers.ts";
import { visibleLine } from "../format/visible.ts";
import { Facts } from "../parts/section.tsx";

const points = (rate: number) => `${rate < 0 ? "−" : ""}${Math.abs(rate * 100).toFixed(0)}`;
const percent = (share: number) => `${Number((share * 100).toPrecision(2))}%`;

/** How sure the verdict is, and what it took. */
export function ProofFacts({ of: { difference, p, deterministic, errorRate, model, cost, calls, experiment } }: { of: Verification }) {
  return (
    <Facts
      of={[
        [
          "difference",
          difference &&
            `${points(difference.estimate)} points, ${points(difference.level)}% interval ${points(difference.low)} to ${points(difference.high)}`,
        ],
        ["p, one-sided", p === undefined ? undefined : p < 0.0005 ? "<0.0005" : p.toPrecision(2)],
        [
          "error rate",
          errorRate === undefined ? undefined : `a change that does nothing is called confirmed in at most ${percent(errorRate)} of cases`,
        ],
        ["deterministic", deterministic ? "run twice, same tokens: one run tells as much as many" : undefined],
        ["calls made", calls.length],
        ["cost", cost === undefined ? undefined : formatUsd(cost)],
        ["run by", model === undefined ? undefined : visibleLine(model)],
        ["experiment", experiment],
      ]}
    />
  );
}

/** The difference of the two rates with its interval, on the whole range it can take. */
export function DifferenceLine({ of: { difference } }: { of: Verification }) {
  if (!difference) return null;
  const at = (rate: number) => `${((Math.max(-1, Math.min(1, rate)) + 1) / 2) * 100}%`;
  const { estimate, low, high, level } = difference;
  return (
    <figure className="difference" aria-hidden="true">
      <svg width="100%" height="20">
        <line x1="0" x2="100%" y1="10" y2="10" className="difference-axis" />
        <line x1="50%" x2="50%" y1="2" y2="18" className="difference-zero" />
        <line x1={at(low)} x2={at(high)} y1="10" y2="10" className="difference-interval" />
        <circle cx={at(estimate)} cy="10" r="4" className="difference-estimate" />
      </svg>
      <figcaption>
        <span>−100: more with the change</span>
        <span>0</span>
        <span>+100 points less often ({points(level)}% interval)</span>
      </figcaption>
    </figure>
  );
}
