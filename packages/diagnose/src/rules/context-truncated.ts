import { callRule, type Found } from "../call-rule.ts";
import { setParameters } from "../changes.ts";
import { inField } from "../evidence.ts";
import { count, tokens } from "../words.ts";

/** The provider read clearly fewer tokens than were sent: part of the prompt was dropped before the model saw it. */
export const truncated = callRule({
  id: "context.truncated",
  title: "Part of the prompt was dropped silently",
  check: (call, facts): Found[] => {
    const read = call.usage.inputTokens;
    const { prompt } = facts;
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
            (other) => other.usage.inputTokens !== undefined && other.usage.inputTokens <= read && !other.error,
          ),
        }),
      },
    ];
  },
});
