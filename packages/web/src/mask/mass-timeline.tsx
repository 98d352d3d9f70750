import type { Distortion, MaskedStep } from "@cutaway/metrics";
import { formatProbability } from "../format/numbers.ts";

/**
 * The probability that the mask kept at each token, one bar a token: tall where the model wanted what is allowed. Buttons, so that each can be reached
 * and read without seeing it.
 */
export function MassTimeline({
  distortion: { steps },
  shown,
  selected,
  onSelect,
}: {
  distortion: Distortion;
  shown: readonly string[];
  selected: number | undefined;
  onSelect: (token: number) => void;
}) {
  return (
    <div className="mass-timeline" role="group" aria-label="Probability that the mask kept, by token" data-testid="mass-timeline">
      {steps.map((step) => (
        <button
          key={step.index}
          type="button"
          aria-pressed={step.index === selected}
          aria-label={says(step, shown[step.index])}
          title={says(step, shown[step.index])}
          data-level={levelOf(step)}
          onClick={() => onSelect(step.index)}
        >
          <i style={{ height: `${Math.max(2, (step.kept ?? 1) * 100)}%` }} />
        </button>
      ))}
    </div>
  );
}

const says = ({ index, kept, forced }: MaskedStep, shown = ""): string =>
  `#${index} “${shown}” ${kept === undefined ? "written without asking the model" : `kept ${formatProbability(kept)}`}${forced && kept !== undefined ? ", forced" : ""}`;

export type MassLevel = "tenth" | "half" | "most" | "unasked";

export function levelOf({ kept }: Pick<MaskedStep, "kept">): MassLevel {
  if (kept === undefined) return "unasked";
  return kept < 0.1 ? "tenth" : kept < 0.5 ? "half" : "most";
}
