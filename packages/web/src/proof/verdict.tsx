import type { Verification } from "@cutaway/core";

const marks: Record<Verification["verdict"], { mark: string; says: string }> = {
  confirmed: { mark: "✓", says: "The symptom came back unchanged, and went away with the change." },
  "not confirmed": { mark: "✗", says: "The change did not make enough of a difference." },
  "not reproduced": { mark: "∅", says: "The symptom did not come back when the call was made again unchanged." },
  "not testable": { mark: "–", says: "It could not be tried." },
};

/** What trying a finding's change showed: mark, colour and words together. */
export const Verdict = ({ verdict }: { verdict: Verification["verdict"] }) => (
  <span className={`verdict ${verdict.replace(" ", "-")}`} title={marks[verdict].says}>
    <i aria-hidden="true">{marks[verdict].mark}</i>
    {verdict}
  </span>
);

/** The verdict where there is only room for its mark. */
export const VerdictMark = ({ verdict, rule }: { verdict: Verification["verdict"]; rule: string }) => (
  <span className={`verdict-mark ${verdict.replace(" ", "-")}`} title={`${rule}: ${verdict}`}>
    <i aria-hidden="true">{marks[verdict].mark}</i>
    <span className="unseen"> {verdict}</span>
  </span>
);
