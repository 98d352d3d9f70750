import type { Finding, RuleId, Verification } from "@cutaway/core";

interface Verified {
  rule: RuleId;
  verification?: Verification;
}

/**
 * Findings made anew, with what was learned about them before: a rule does not know what trying its change showed, the store does.
 * Of several findings of one rule, the first keeps the first's verification, and so on.
 */
export function keepVerifications(findings: readonly Finding[], stored: readonly Verified[]): Finding[] {
  const left = new Map<RuleId, (Verification | undefined)[]>();
  for (const { rule, verification } of stored) left.set(rule, [...(left.get(rule) ?? []), verification]);
  return findings.map((finding) => {
    const verification = left.get(finding.rule)?.shift();
    return verification && !finding.verification ? { ...finding, verification } : finding;
  });
}
