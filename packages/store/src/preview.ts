import type { Call } from "@cutaway/core";

/** One line to recognise a call by: the user's last words → the answer's first. At most 241 UTF-16 code units. */
export function previewOf(call: Call): string {
  return [short(lastUserText(call)), short(outcome(call))].filter((part) => part !== "").join(" → ");
}

/** What a search looks through, lower case: names, prompt and answer, each to a bound. */
export function searchTextOf(call: Call): string {
  const names = [call.id, call.model.provider, call.model.asked, call.model.served, call.trace?.session, ...(call.tags ?? [])];
  const ids = [call.response?.id, call.response?.requestId, call.origin.from];
  const words = [lastUserText(call), outcome(call), ...call.answers.flatMap((answer) => answer.toolCalls.map((tool) => tool.name))];
  return [...names, ...ids, ...words.map((text) => text.slice(0, 4000))]
    .filter((text) => text !== undefined && text !== "")
    .join("\n")
    .toLowerCase();
}

function lastUserText(call: Call): string {
  const message = call.request?.messages.findLast(({ role }) => role === "user");
  const texts = message?.parts.map((part) => (part.type === "text" || part.type === "tool-result" ? part.text : "")) ?? [];
  return texts.filter((text) => text !== "").join(" ");
}

function outcome(call: Call): string {
  if (call.error) return call.error.message;
  const answer = call.answers[0];
  if (!answer) return "";
  const tool = answer.toolCalls[0];
  return answer.text || answer.refusal || (tool ? `${tool.name}(${tool.arguments})` : "") || (answer.reasoning ?? "");
}

/** The first 119 code units, white space folded, never half of a surrogate pair. */
function short(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/gu, " ").trim();
  return line.length <= 119
    ? line
    : `${line
        .slice(0, 118)
        .toWellFormed()
        .replace(/\uFFFD$/, "")}…`;
}
