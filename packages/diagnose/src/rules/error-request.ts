import { callRule, type Found } from "../call-rule.ts";
import { contextError } from "../context-error.ts";
import { answerer } from "../ended-with.ts";
import { inField } from "../evidence.ts";
import { limitMeaning } from "../limit-meaning.ts";
import { capital, clause, oneLine, quote } from "../words.ts";
import { unsupportedIn } from "./error-unsupported-parameter.ts";

/** The provider refused the request for a reason no other rule knows better; explained where the text is known. */
export const request = callRule({
  id: "error.request",
  title: "The request was refused",
  check: (call): Found[] => {
    const { error } = call;
    if (!error || (error.kind !== "invalid-request" && error.kind !== "unknown")) return [];
    const better = contextError(call) ?? limitMeaning(error) ?? unsupportedIn(call);
    if (better || /trailing white ?space/i.test(error.message)) return [];
    const advice = advices.find(({ pattern }) => pattern.test(error.message.slice(0, 4_000)))?.says;
    const param = error.param ? `, at ${quote(error.param)}` : "";
    const evidence = [inField(call, "error.message", oneLine(error.message))];
    if (error.param) evidence.push(inField(call, "error.param", error.param));
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `${capital(answerer(call))} refused the request${param} (${clause(error.message, 200)})${advice ? `: ${advice}` : ""}.`,
        evidence,
      },
    ];
  },
});

const advices: { pattern: RegExp; says: string }[] = [
  { pattern: /must contain the word ['"]?json/i, says: "JSON mode wants the word JSON somewhere in the messages" },
  {
    pattern: /tool_use.{0,80}without.{0,20}tool_result|tool_calls.{0,60}must be followed by tool messages/is,
    says: "every tool call needs its result in the next message",
  },
  {
    pattern: /unexpected.{0,20}tool_use_id|role '?tool'?.{0,40}must be a response to a prece/is,
    says: "a tool result has no call before it; history was probably cut between the two",
  },
  { pattern: /roles must alternate/i, says: "join neighbouring messages of one role" },
  {
    pattern: /(?:messages|text content blocks?).{0,60}(?:non-?empty|at least one message)|messages: at least/is,
    says: "a message or the whole list is empty",
  },
  {
    pattern: /max_tokens.{0,40}(?:field required|> \d|is too large|maximum allowed)/is,
    says: "this model caps its output lower, or the cap is missing",
  },
  {
    pattern: /(?:downloading|image_url|invalid image|could not process image)/i,
    says: "the provider could not fetch or read the image; send it as data",
  },
  {
    pattern: /prefill|assistant message prefill|conversation must end with a user message/i,
    says: "this model takes no started answer; end with a user message",
  },
  { pattern: /invalid schema|json_schema|response_format/i, says: "the schema uses something strict mode does not take" },
  { pattern: /previous_response_id|item .{0,60}not found/i, says: "it refers to an earlier answer that the provider no longer has" },
];
