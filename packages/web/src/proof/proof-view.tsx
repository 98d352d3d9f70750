import type { Explanation, Finding, Verification } from "@cutaway/core";
import { api } from "../api/client.ts";
import type { Run } from "../api/types.ts";
import { useFetched } from "../api/use-fetched.ts";
import { Differences } from "../diff/differences.tsx";
import { plural } from "../format/numbers.ts";
import { showCommand } from "../format/shell.ts";
import { visibleLine } from "../format/visible.ts";
import { Data } from "../parts/data.tsx";
import { Problem } from "../parts/problem.tsx";
import { Section } from "../parts/section.tsx";
import { useRound } from "../state/live.ts";
import { go, usePlace } from "../state/location.ts";
import { ArmDots } from "./arm-dots.tsx";
import { DifferenceLine, ProofFacts } from "./proof-facts.tsx";
import { RunPair } from "./run-pair.tsx";
import { Verdict } from "./verdict.tsx";

type Verified = Finding & { verification: Verification };

export const isVerified = (finding: Finding): finding is Verified => finding.verification !== undefined;

/** A finding put to the test: the call made again unchanged and changed, the symptom counted in both, any run beside any other. */
export function ProofView({ explanation: { call, findings } }: { explanation: Explanation }) {
  const { lit } = usePlace();
  const verified = findings.filter(isVerified);
  const asked = lit && findings[lit.finding];
  const finding = asked && isVerified(asked) ? asked : verified[0];
  if (!finding) {
    return (
      <p className="no-text">
        {asked ? "This finding was not verified." : "No finding of this call was verified."} Verifying makes the call again, unchanged and with one
        thing changed, and counts the symptom in both.
      </p>
    );
  }
  return (
    <div className="proof-view" data-testid="proof">
      {verified.length > 1 && (
        <div className="picker small" role="group" aria-label="Verified findings">
          {verified.map((one) => (
            <button
              key={findings.indexOf(one)}
              type="button"
              aria-pressed={one === finding}
              onClick={() => go({ lit: { finding: findings.indexOf(one) }, runs: undefined }, "replace")}
            >
              {one.rule}
            </button>
          ))}
        </div>
      )}
      <Proof key={finding.rule} call={call.id} finding={finding} />
    </div>
  );
}

function Proof({ call, finding }: { call: string; finding: Verified }) {
  const { verification, change, rule } = finding;
  const fetched = useFetched(`${call} ${rule}`, useRound(call), (_, signal) => api.verification(call, rule, signal));
  const arms = fetched.value?.arms;
  return (
    <>
      <p className="proof-why">
        <Verdict verdict={verification.verdict} /> {visibleLine(verification.why)}
      </p>
      {fetched.state === "failed" && <Problem error={fetched.error} />}
      {verification.calls.length > 0 && (
        <>
          <Arms verification={verification} says={change?.says} unchanged={arms?.unchanged} changed={arms?.changed} per={fetched.value?.per ?? 1} />
          <DifferenceLine of={verification} />
          <ProofFacts of={verification} />
        </>
      )}
      {arms && <Beside unchanged={arms.unchanged} changed={arms.changed} />}
      {fetched.value?.changes && fetched.value.changes.length > 0 && (
        <Section title="The one thing changed" aside={plural(fetched.value.changes.length, "field")}>
          <Differences of={fetched.value.changes} names={["unchanged", "changed"]} />
        </Section>
      )}
      <Data command={showCommand(call, `.findings[] | select(.rule == "${rule}") | .verification`)} json={verification} />
    </>
  );
}

/** Both arms as rows of dots, with the counts in words; without the runs, the counts alone. */
function Arms({
  verification: { unchanged, changed, counts },
  says,
  unchanged: a,
  changed: b,
  per,
}: {
  verification: Verification;
  says: string | undefined;
  unchanged: readonly Run[] | undefined;
  changed: readonly Run[] | undefined;
  per: 1 | 2;
}) {
  const { chosen, choose } = useChosen(a ?? [], b ?? []);
  return (
    <table className="arms" data-testid="arms" data-per={per}>
      <caption>{counts ? visibleLine(counts) : "the symptom"}</caption>
      <tbody>
        <tr>
          <th scope="row">unchanged</th>
          <td>{a && <ArmDots runs={a} arm="unchanged" chosen={chosen.unchanged} onChoose={(run) => choose({ ...chosen, unchanged: run })} />}</td>
          <td className="arm-count">
            {unchanged[0]} of {unchanged[1]}
          </td>
        </tr>
        <tr>
          <th scope="row">changed{says !== undefined && <small>: {visibleLine(says)}</small>}</th>
          <td>{b && <ArmDots runs={b} arm="changed" chosen={chosen.changed} onChoose={(run) => choose({ ...chosen, changed: run })} />}</td>
          <td className="arm-count">
            {changed[0]} of {changed[1]}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Beside({ unchanged, changed }: { unchanged: readonly Run[]; changed: readonly Run[] }) {
  const { chosen } = useChosen(unchanged, changed);
  const [a, b] = [unchanged[chosen.unchanged], changed[chosen.changed]];
  if (!a || !b || a.deleted || b.deleted) return <p className="fine">There is no run of each arm to put beside the other.</p>;
  return (
    <Section title="Before and after" aside="choose a dot to see another run">
      <RunPair unchanged={a} changed={b} numbers={[chosen.unchanged, chosen.changed]} />
    </Section>
  );
}

/** The runs that are looked at; at first one that has the symptom unchanged, and one that has it not changed. */
function useChosen(unchanged: readonly Run[], changed: readonly Run[]) {
  const { runs } = usePlace();
  const first = (of: readonly Run[], hit: boolean) =>
    Math.max(
      0,
      of.findIndex((run) => !run.deleted && run.hit === hit),
    );
  const chosen = runs ?? { unchanged: first(unchanged, true), changed: first(changed, false) };
  return { chosen, choose: (next: { unchanged: number; changed: number }) => go({ runs: next }, "replace") };
}
