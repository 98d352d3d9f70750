import type { Run } from "../api/types.ts";

/** The runs of an arm, one dot each: filled where the symptom is in it. A dot that can be chosen is a button. */
export function ArmDots({ runs, arm, chosen, onChoose }: { runs: readonly Run[]; arm: string; chosen?: number; onChoose?: (run: number) => void }) {
  return (
    <span className="dots" role="group" aria-label={`Runs ${arm}`}>
      {runs.map((run, i) => {
        const says = `Run ${i + 1} of ${runs.length} ${arm}: ${wordOf(run)}`;
        return onChoose && !run.deleted ? (
          <button
            key={run.id}
            type="button"
            className="dot-button"
            aria-pressed={chosen === i}
            aria-label={says}
            title={says}
            onClick={() => onChoose(i)}
          >
            <Dot of={stateOf(run)} />
          </button>
        ) : (
          <span key={run.id} title={says}>
            <Dot of={stateOf(run)} />
            <span className="unseen">{says}</span>
          </span>
        );
      })}
    </span>
  );
}

export const stateOf = ({ hit, deleted }: Run): "hit" | "miss" | "unknown" =>
  deleted || hit === null || hit === undefined ? "unknown" : hit ? "hit" : "miss";

const words = { hit: "symptom", miss: "no symptom", unknown: "unknown" };
export const wordOf = (run: Run): string => (run.deleted ? "deleted" : words[stateOf(run)]);

const Dot = ({ of }: { of: "hit" | "miss" | "unknown" }) => <i className={`dot ${of}`} aria-hidden="true" />;

/** Counts alone, drawn as dots: for a verification whose runs are not loaded. */
export const CountDots = ({ hits, runs }: { hits: number; runs: number }) =>
  runs > 0 && runs <= 40 ? (
    <span className="dots" aria-hidden="true">
      {Array.from({ length: runs }, (_, i) => (
        <Dot key={i} of={i < hits ? "hit" : "miss"} />
      ))}
    </span>
  ) : null;
