import type { Finding, RuleId } from "@cutaway/core";

/** What two findings of one answer mean together: the first explains the second. */
interface Settlement {
  cause: RuleId;
  consequence: RuleId;
  /** `drop`: the second says nothing more. `defer`: it stays, as a note, without a change of its own that would miss the cause. */
  outcome: "drop" | "defer";
  /** Only for causes of which this holds. */
  when?(cause: Finding): boolean;
  /** How the second points at the first, where it does not simply follow from it. */
  says?: string;
}

/** JSON that is wrong in itself, not only cut: no length would have mended it. */
const isBrokenInItself = ({ evidence }: Finding) =>
  !evidence.some(({ kind, at }) => kind === "field" && /\.finish$|^ending$|^error$/.test(String(at)));

const settlements: Settlement[] = [
  { cause: "error.in-stream", consequence: "cut.no-terminal", outcome: "defer" },
  { cause: "context.unread-tail", consequence: "cut.context-full", outcome: "defer" },
  { cause: "context.unread-tail", consequence: "cut.output-cap", outcome: "defer" },
  { cause: "context.truncated", consequence: "cut.context-full", outcome: "defer" },
  { cause: "tokens.wrong-template", consequence: "cut.output-cap", outcome: "defer" },
  { cause: "tokens.wrong-template", consequence: "cut.context-full", outcome: "defer" },
  { cause: "tokens.doubled-template", consequence: "cut.output-cap", outcome: "defer" },
  { cause: "tokens.doubled-template", consequence: "cut.context-full", outcome: "defer" },
  { cause: "random.unlikely-token", consequence: "structure.invalid-json", outcome: "defer" },
  { cause: "random.unlikely-token", consequence: "refusal.refused", outcome: "defer" },
  { cause: "random.unlikely-token", consequence: "tokens.replacement-character", outcome: "defer" },
  { cause: "loop.repetition", consequence: "cut.output-cap", outcome: "defer" },
  { cause: "loop.repetition", consequence: "cut.context-full", outcome: "defer" },
  { cause: "loop.repetition", consequence: "cut.reasoning-ate-budget", outcome: "defer" },
  {
    cause: "random.unlikely-token",
    consequence: "cut.output-cap",
    outcome: "defer",
    says: "It had gone wrong before that (random.unlikely-token).",
  },
  {
    cause: "structure.invalid-json",
    consequence: "cut.output-cap",
    outcome: "defer",
    when: isBrokenInItself,
    says: "Its JSON had broken before that (structure.invalid-json).",
  },
  { cause: "refusal.refused", consequence: "structure.invalid-json", outcome: "drop" },
  { cause: "refusal.content-filter", consequence: "structure.invalid-json", outcome: "drop" },
  { cause: "cut.reasoning-ate-budget", consequence: "structure.invalid-json", outcome: "drop" },
];

/** Findings that follow from another one of the same answer are dropped, or point at it. */
export function settleTogether(findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding): Finding[] => {
    const settled = settlements.find(
      ({ cause, consequence, when }) =>
        consequence === finding.rule && findings.some((other) => other.rule === cause && explains(other, finding) && (when?.(other) ?? true)),
    );
    if (!settled) return [finding];
    if (settled.outcome === "drop") return [];
    const { change: _, ...rest } = finding;
    return [{ ...rest, severity: "note", says: `${finding.says} ${settled.says ?? `It follows from ${settled.cause}.`}` }];
  });
}

/** Both are of one answer, and the first is grave enough to be the reason. */
function explains(cause: Finding, consequence: Finding): boolean {
  if (cause.severity !== "problem") return false;
  const [a, b] = [answerOf(cause), answerOf(consequence)];
  return a === undefined || b === undefined || a === b;
}

function answerOf({ evidence }: Finding): string | undefined {
  for (const { at, path } of evidence) {
    const answer = /^answers\[(\d+)\]/.exec(path ?? (typeof at === "string" ? at : ""))?.[1];
    if (answer !== undefined) return answer;
  }
  return undefined;
}
