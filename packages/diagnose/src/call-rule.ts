import type { Access, Call, Facts, Finding, Rule, RuleId } from "@cutaway/core";

/** What a rule says of one call; its own id and the call's are added. */
export type Found = Omit<Finding, "rule" | "calls">;

interface CallRule {
  id: RuleId;
  /** What it looks for, as a headline. */
  title: string;
  needs?: Partial<Access>;
  check(call: Call, facts: Facts): Found[];
}

/** A rule that judges one call; what it needs of other calls it takes from `facts.related`. */
export function callRule({ id, title, needs = {}, check }: CallRule): Rule {
  return {
    id,
    title,
    scope: "call",
    needs,
    check: (calls, facts) => calls.flatMap((call) => check(call, facts).map((found) => ({ rule: id, calls: [call.id], ...found }))),
  };
}
