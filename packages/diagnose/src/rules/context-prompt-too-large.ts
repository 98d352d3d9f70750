import type { Call, Facts, PromptSplit } from "@cutaway/core";
import { splitPrompt } from "@cutaway/plan";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, editMessages } from "../changes.ts";
import { blames, contextError, isTooLong } from "../context-error.ts";
import { headOf, inField, inPrompt } from "../evidence.ts";
import { largerContext } from "../larger-context.ts";
import { promptTexts } from "../texts.ts";
import { lengthOf, withoutOldest } from "../without-oldest.ts";
import { count, oneLine, percent, tokens } from "../words.ts";

/** The prompt (its history, most often) is larger than the model's context window. */
export const promptTooLarge = callRule({
  id: "context.prompt-too-large",
  title: "The prompt is larger than the context window",
  check: (call, facts): Found[] => {
    const sizes = told(call) ?? counted(call, facts);
    if (!sizes) return [];
    const { prompt, window, certain } = sizes;
    const evidence = call.error ? [inField(call, "error.message", oneLine(call.error.message))] : [];
    const largest = largestKind(facts.prompt);
    if (largest) evidence.push(...largest.evidence.flatMap(({ at, length }) => partEvidence(call, at, length)));
    const share = window / prompt;
    const messages = call.request?.messages ?? [];
    const room = lengthOf(messages) * share * 0.9;
    const shorter = withoutOldest(messages, room);
    const counts = call.error ? isTooLong : isOver(facts);
    const change =
      largerContext(call, prompt, isTooLong) ??
      (shorter &&
        counts &&
        editMessages(
          `leave out the oldest ${messages.length - shorter.length} of ${messages.length} messages, which brings it to about nine tenths of the window`,
          (all) => withoutOldest(all, room) ?? all,
          counts,
        ));
    return [
      {
        severity: "problem",
        certainty: certain ? "certain" : "likely",
        says: `The prompt has ${tokens(prompt)} and the context window ${count(window)}: ${prompt === window ? "no room is left for an answer" : `${count(prompt - window)} too many`}${largest ? `; ${percent(largest.share)} of it is ${largest.kind}` : ""}.`,
        evidence,
        ...(change && { change }),
      },
    ];
  },
});

function told(call: Call) {
  const numbers = contextError(call);
  if (!numbers || blames(numbers) !== "prompt" || numbers.prompt === undefined || numbers.window === undefined) return undefined;
  return { prompt: numbers.prompt, window: numbers.window, certain: true };
}

/** From our own count, where the provider did not take the whole prompt: no answer, or fewer tokens read than sent. */
function counted(call: Call, facts: Facts) {
  const window = facts.contextWindow;
  const prompt = facts.prompt?.counted;
  if (window === undefined || prompt === undefined || call.local || (call.error && contextError(call) === undefined)) return undefined;
  const exact = facts.prompt?.tokenizer?.exact === true;
  if (prompt <= window * (exact ? 1 : 1.1)) return undefined;
  const took = call.usage.inputTokens;
  if (took !== undefined && took >= prompt * 0.9) return undefined;
  return { prompt, window, certain: exact };
}

/** The same count of another call; undefined where nobody can count. */
function isOver(facts: Facts): Counted | undefined {
  const counter = facts.tokenizer;
  if (!counter) return undefined;
  return {
    counts: "the prompt has more tokens than the context window, by our count, and the provider did not read them all",
    symptom: (other) => other.request !== undefined && counted(other, { ...facts, prompt: splitPrompt(other.request, { counter }) }) !== undefined,
  };
}

/** The kind of segment that takes most of the prompt, with its largest parts. */
function largestKind(prompt: PromptSplit | undefined) {
  if (!prompt?.counted) return undefined;
  const byKind = new Map<string, number>();
  for (const { kind, tokens } of prompt.segments) byKind.set(kind, (byKind.get(kind) ?? 0) + (tokens ?? 0));
  const [top] = [...byKind].sort(([, a], [, b]) => b - a);
  if (!top) return undefined;
  const evidence = prompt.segments
    .filter(({ kind, tokens }) => kind === top[0] && tokens !== undefined)
    .sort((a, b) => (b.tokens ?? 0) - (a.tokens ?? 0))
    .slice(0, 3)
    .map(({ at, text }) => ({ at, length: text.length }));
  return { kind: top[0], share: top[1] / prompt.counted, evidence };
}

function partEvidence(call: Call, at: string, length: number) {
  const part = promptTexts(call).find((text) => text.at === at);
  return part ? [inPrompt(call, at, headOf(part.text, length), "one of the largest parts")] : [];
}
