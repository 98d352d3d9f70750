import type { Call, Facts, Finding } from "@cutaway/core";
import { rules } from "./rules/index.ts";
import { settleTogether } from "./settle-together.ts";

/** Everything the rules find in a call, the gravest and surest first. Pure. */
export function findingsOf(call: Call, facts: Facts): Finding[] {
  const found = rules.flatMap((rule) => rule.check(rule.scope === "call" ? [call] : [...(facts.related ?? []), call], facts));
  return settleTogether(found).sort((a, b) => rank(a) - rank(b));
}

const severities: Finding["severity"][] = ["problem", "warning", "note"];
const certainties: Finding["certainty"][] = ["certain", "likely", "possible"];

/** Sorting is stable, so that findings of one rank keep the order of the rules. */
const rank = ({ severity, certainty }: Finding) => severities.indexOf(severity) * certainties.length + certainties.indexOf(certainty);
