import { isJsonObject, type JsonValue } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inField, inText, tailOf } from "../evidence.ts";
import { clause, oneLine, quote } from "../words.ts";

/** A filter of the provider, not the model, withheld the prompt or stopped the answer. */
export const contentFilter = callRule({
  id: "refusal.content-filter",
  title: "A content filter stopped the call",
  check: (call): Found[] => {
    if (call.error?.kind === "content-filter") {
      const categories = filteredCategories(call.error.raw);
      return [
        {
          severity: "problem",
          certainty: "certain",
          says: `The provider's filter refused the prompt before the model saw it${named(categories)}: ${clause(call.error.message)}.`,
          evidence: [inField(call, "error", oneLine(call.error.message))],
        },
      ];
    }
    return call.answers.flatMap((answer, i): Found[] => {
      if (answer.finish.reason !== "content-filter") return [];
      const categories = filteredCategories(answer.finish.details);
      const evidence = [inField(call, `answers[${i}].finish`, `the provider ended it with ${quote(answer.finish.raw ?? "content-filter")}`)];
      if (answer.text) evidence.push(inText(call, `answers[${i}].text`, tailOf(answer.text), "what had passed before the filter acted"));
      return [
        {
          severity: "problem",
          certainty: "certain",
          says: answer.text
            ? `The provider's content filter stopped the answer after ${answer.text.length} characters${named(categories)}.`
            : `The provider's content filter withheld the whole answer${named(categories)}.`,
          evidence,
        },
      ];
    });
  },
});

const named = (categories: string[]) => (categories.length > 0 ? ` (${categories.join(", ")})` : "");

/** Categories marked `filtered: true` anywhere in the provider's details, at most four levels down. */
function filteredCategories(json: JsonValue | undefined, name = "", depth = 0): string[] {
  if (depth > 4 || typeof json !== "object" || json === null) return [];
  if (Array.isArray(json)) return json.slice(0, 50).flatMap((item) => filteredCategories(item, name, depth + 1));
  if (isJsonObject(json) && json.filtered === true && name) return [name];
  return Object.entries(json).flatMap(([key, value]) => filteredCategories(value, key, depth + 1));
}
