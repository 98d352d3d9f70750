import type { Evidence, Explanation, Finding } from "@cutaway/core";
import { visibleLine } from "../format/visible.ts";
import { SeverityMark } from "../parts/severity.tsx";
import { Verdict } from "../proof/verdict.tsx";
import { useAbout } from "../state/about.ts";
import { go, usePlace } from "../state/location.ts";
import { placeOf } from "../strip/lights.ts";
import { Remedy } from "./remedy.tsx";

/** Why it came out as it did: the causes found, gravest first, each with the evidence it points at. */
export function Findings({ explanation }: { explanation: Explanation }) {
  const { findings, call } = explanation;
  const { lit } = usePlace();
  const about = useAbout();
  if (findings.length === 0) {
    return (
      <section className="findings none">
        <p>
          <i aria-hidden="true">○</i> Nothing found{about ? ` by ${about.rules.length} rules` : ""}
          {call.ending === "open" ? "; the call is still open" : ""}.
        </p>
      </section>
    );
  }
  return (
    <section className="findings" aria-label="Findings" data-testid="findings">
      {findings.map((finding, i) => (
        <FindingRow
          key={i}
          finding={finding}
          index={i}
          explanation={explanation}
          isOpen={lit?.finding === i}
          evidence={lit?.finding === i ? lit.evidence : undefined}
        />
      ))}
    </section>
  );
}

function FindingRow({
  finding,
  index,
  explanation,
  isOpen,
  evidence,
}: {
  finding: Finding;
  index: number;
  explanation: Explanation;
  isOpen: boolean;
  evidence: number | undefined;
}) {
  const light = (at?: number) => {
    const lit = at === undefined ? { finding: index } : { finding: index, evidence: at };
    go(placeOf(explanation.call, explanation.findings, lit, (answer) => explanation.strips.find((strip) => strip.answer === answer)?.tokens));
  };
  const doc = useAbout()?.rules.find((rule) => rule.id === finding.rule);
  return (
    <article className={`finding ${finding.severity}`} data-open={isOpen || undefined}>
      <button type="button" className="finding-line" aria-expanded={isOpen} onClick={() => (isOpen ? go({ lit: undefined }, "replace") : light())}>
        <SeverityMark severity={finding.severity} />
        <span className="finding-says">{visibleLine(finding.says)}</span>
        <code className="finding-rule" title={doc?.title}>
          {finding.rule}
        </code>
        {finding.verification ? (
          <Verdict verdict={finding.verification.verdict} />
        ) : (
          <span className={`certainty ${finding.certainty}`} title="How sure the rule is">
            {finding.certainty}
          </span>
        )}
      </button>
      {isOpen && (
        <div className="finding-more">
          <ul>
            {finding.evidence.map((item, i) => (
              <li key={i}>
                <button type="button" className="evidence" aria-pressed={evidence === i} onClick={() => light(i)} data-testid="evidence">
                  <span className="evidence-at">{whereOf(item)}</span>
                  <span>{visibleLine(item.says)}</span>
                </button>
              </li>
            ))}
          </ul>
          <Remedy finding={finding} index={index} call={explanation.call} />
        </div>
      )}
    </article>
  );
}

function whereOf({ kind, path, at }: Evidence): string {
  if (typeof at === "string") return at;
  const range = at.end - at.start <= 1 ? `${at.start}` : `${at.start}–${at.end - 1}`;
  if (kind === "steps") return `token${at.end - at.start > 1 ? "s" : ""} ${range}`;
  if (kind === "timing") return `chunk${at.end - at.start > 1 ? "s" : ""} ${range}`;
  return `${path ?? kind} ${range}`;
}
