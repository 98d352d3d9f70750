import type { Call, Facts } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, setParameters } from "../changes.ts";
import { inField, inPrompt } from "../evidence.ts";
import { largerContext } from "../larger-context.ts";
import { leftOut } from "../left-out.ts";
import { count, percent, quote, tokens } from "../words.ts";

/** Part of the prompt was dropped before the model saw it: told by the local runtime, or by a provider's count clearly below ours. */
export const truncated = callRule({
  id: "context.truncated",
  title: "Part of the prompt was dropped silently",
  check: (call, facts): Found[] => (call.local ? atStart(call) : byCounts(call, facts)),
});

export const dropsTokens: Counted = {
  counts: "tokens of the prompt are left out before the model reads it",
  symptom: ({ local }) => local?.dropped !== undefined,
};

/** The local runtime left out the beginning; what lost its end is `context.unread-tail`'s. */
function atStart(call: Call): Found[] {
  const { dropped, contextSize } = call.local ?? {};
  if (dropped?.at !== "start" || contextSize === undefined) return [];
  const lost = leftOut(call);
  const [first] = lost;
  const change = largerContext(call, dropped.of, dropsTokens);
  return [
    {
      severity: "problem",
      certainty: "certain",
      says: `The first ${tokens(dropped.tokens)} of the prompt's ${count(dropped.of)} (${percent(dropped.tokens / dropped.of)}) were left out to fit a context of ${count(contextSize)}: the model never read the beginning${first ? `, ${quote(first.text.slice(0, 60))}` : ""}.`,
      evidence: [
        inField(call, "local.dropped", `${count(dropped.tokens)} of ${tokens(dropped.of)} left out at the start`),
        ...lost.slice(0, 5).map(({ at, span }) => inPrompt(call, at, span, "never read")),
        inField(call, "local.contextSize", `${count(contextSize)} positions for prompt and answer`),
      ],
      ...(change && { change }),
    },
  ];
}

/** The provider read clearly fewer tokens than were sent. */
function byCounts(call: Call, { prompt }: Facts): Found[] {
  const read = call.usage.inputTokens;
  if (read === undefined || read === 0 || !prompt || prompt.tokenizer?.exact !== true || call.error) return [];
  // Tools are sent as JSON and shown to the model in a shorter form; earlier reasoning may lawfully be left out.
  const sent = prompt.segments.reduce((sum, { kind, tokens }) => sum + (kind === "tools" || kind === "template" ? 0 : (tokens ?? 0)), 0);
  const reasoning = call.request?.messages.some(({ parts }) => parts.some(({ type }) => type === "reasoning")) ?? false;
  if (reasoning || sent < read * 1.15 + 200) return [];
  const auto = call.request?.parameters.truncation === "auto";
  const evidence = [inField(call, "usage.inputTokens", `the provider read ${tokens(read)}`)];
  if (auto) evidence.push(inField(call, "request.parameters.truncation", "truncation is allowed"));
  return [
    {
      severity: "problem",
      certainty: auto ? "certain" : "likely",
      says: `At least ${tokens(sent)} were sent and ${count(read)} read: part of the prompt was dropped before the model saw it${auto ? ", as truncation: auto allows" : ""}.`,
      evidence,
      ...(auto && {
        change: setParameters(
          "switch truncation off, so that a prompt too long is refused instead of shortened",
          { truncation: "disabled" },
          {
            counts: `the call goes through, and of at least ${tokens(sent)} fewer are read`,
            symptom: (other) => !other.error && other.usage.inputTokens !== undefined && sent >= other.usage.inputTokens * 1.15 + 200,
          },
        ),
      }),
    },
  ];
}
