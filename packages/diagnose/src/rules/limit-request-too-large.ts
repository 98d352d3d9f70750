import { callRule, type Found } from "../call-rule.ts";
import { setParameters } from "../changes.ts";
import { inField } from "../evidence.ts";
import { limitMeaning } from "../limit-meaning.ts";
import { count, oneLine, tokens } from "../words.ts";

/** 429, third meaning (or 413): this request alone is over the limit. Waiting never helps; a smaller request does. */
export const requestTooLarge = callRule({
  id: "limit.request-too-large",
  title: "The request alone is larger than the limit",
  check: (call, facts): Found[] => {
    const meaning = call.error && limitMeaning(call.error);
    if (!call.error || meaning?.meaning !== "request-too-large") return [];
    const { limit, requested } = meaning;
    const cap = call.request?.parameters.maxOutputTokens;
    const evidence = [inField(call, "error.message", oneLine(call.error.message))];
    if (cap !== undefined)
      evidence.push(inField(call, "request.parameters.maxOutputTokens", `the limiter counts the cap of ${tokens(cap)} as if it were used`));
    const prompt = facts.prompt?.counted ?? (requested !== undefined && cap !== undefined ? requested - cap : undefined);
    const fits = limit !== undefined && cap !== undefined && prompt !== undefined ? Math.floor((limit - prompt) * 0.95) : 0;
    const change =
      cap !== undefined && fits >= 16 && fits < cap
        ? setParameters(
            `lower the output cap to ${fits}: the prompt's ${tokens(prompt ?? 0)} then fit beside it`,
            { maxOutputTokens: fits },
            {
              counts: "the request is refused as larger than the limit",
              symptom: (other) => other.error !== undefined && limitMeaning(other.error)?.meaning === "request-too-large",
            },
          )
        : undefined;
    const numbers = limit !== undefined && requested !== undefined ? ` (it asks for ${count(requested)}, the limit is ${count(limit)})` : "";
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `This request alone is over the provider's limit${numbers}: waiting never helps, a smaller request does.`,
        evidence,
        ...(change && { change }),
      },
    ];
  },
});
