import { CutawayError, type Finding, type Severity } from "@cutaway/core";
import { rules } from "@cutaway/diagnose";

const weight: Record<Severity, number> = { problem: 3, warning: 2, note: 1 };
const isSeverity = (text: string): text is Severity => Object.hasOwn(weight, text);

/** Whether findings reach `--fail-on`: a severity means it or worse, a rule id means that rule. */
export function createFailOn(items: readonly string[] | undefined): (findings: readonly Finding[]) => boolean {
  if (!items) return () => false;
  if (items.length === 0)
    throw new CutawayError("bad-option", "--fail-on: nothing is named", { fix: "Give problem, warning, note, or ids of rules." });
  const known = new Set<string>(rules.map((rule) => rule.id));
  const unknown = items.find((item) => !isSeverity(item) && !known.has(item));
  if (unknown !== undefined) {
    throw new CutawayError("bad-option", `--fail-on: "${unknown}" is neither a severity nor a rule`, {
      fix: `Give problem, warning, note, or ids of rules: ${[...known].join(", ")}.`,
    });
  }
  const ids = new Set(items);
  const least = Math.min(...items.filter(isSeverity).map((item) => weight[item]), Number.POSITIVE_INFINITY);
  return (findings) => findings.some((finding) => ids.has(finding.rule) || weight[finding.severity] >= least);
}
