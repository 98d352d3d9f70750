import { isJsonObject } from "@cutaway/core";
import { refusalWording } from "@cutaway/metrics";
import { callRule, type Found } from "../call-rule.ts";
import { headOf, inField, inPrompt, inText } from "../evidence.ts";
import { promptTexts } from "../texts.ts";
import { clause, quote } from "../words.ts";

/** The model declined: said by the finish reason, in a refusal of its own, or by the wording of the answer. */
export const refused = callRule({
  id: "refusal.refused",
  title: "The model refused",
  check: (call) =>
    call.answers.flatMap((answer, i): Found[] => {
      if (answer.finish.reason === "refusal") {
        const details = isJsonObject(answer.finish.details) ? answer.finish.details : {};
        const category = typeof details.category === "string" ? ` (category ${details.category})` : "";
        const why = typeof details.explanation === "string" ? `: ${clause(details.explanation)}` : "";
        const evidence = [inField(call, `answers[${i}].finish`, `the provider ended it with ${quote(answer.finish.raw ?? "refusal")}`)];
        return [{ severity: "problem", certainty: "certain", says: `The model refused${category}${why}.`, evidence }];
      }
      if (answer.refusal) {
        return [
          {
            severity: "problem",
            certainty: "certain",
            says: `The model refused in the provider's refusal field: ${quote(clause(answer.refusal, 120), 120)}.`,
            evidence: [inText(call, `answers[${i}].refusal`, headOf(answer.refusal, 200), "the refusal")],
          },
        ];
      }
      if (answer.finish.reason === "content-filter" || answer.toolCalls.length > 0) return [];
      const wording = refusalWording(answer.text);
      if (!wording || wording.score < 0.5) return [];
      const triggers = triggersIn(call);
      const sure = wording.score >= 0.7;
      return [
        {
          severity: sure ? "problem" : "warning",
          certainty: sure ? "likely" : "possible",
          says: `The answer reads as a refusal (${quote(wording.phrase)})${triggers.length > 0 ? `; ${triggers.map(({ word }) => quote(word)).join(", ")} in the prompt may have set it off though meant harmlessly` : ""}.`,
          evidence: [
            inText(call, `answers[${i}].text`, wording.span, `${quote(wording.phrase)} is how refusals are worded`),
            ...triggers.map(({ at, span, word }) => inPrompt(call, at, span, `${quote(word)} has a harmless sense here and a harmful one elsewhere`)),
          ],
        },
      ];
    }),
});

/** Words of violence, drugs or theft in the phrases in which technical and everyday language uses them harmlessly. */
const harmless =
  /\b(kill(?:ing|s)?|terminat(?:e|ing)) (?:\w+ ){0,3}?(?:process|task|thread|job|server|session|container|port|daemon|child|pod)\w*|\b(shoot|shooting) (?:\w+ ){0,3}?(?:photos?|pictures?|video|film|goal|hoops|portrait)|\b(blow(?:ing)? up) (?:\w+ ){0,3}?(?:balloon|photo|image|picture|mattress)s?|\b(execut(?:e|ing)) (?:\w+ ){0,3}?(?:query|command|script|code|program|statement|plan)|\b(attack(?:ing)?) (?:\w+ ){0,2}?(?:problem|question|vector|surface)|\b(crack(?:ing)?) (?:\w+ ){0,2}?(?:egg|joke|problem|nut)s?|\b(kill|nuke|purge|exterminate) (?:\w+ ){0,2}?(?:cache|branch|weeds?|bugs?|table|ants|cockroach\w*)|\b(cut|cutting) (?:\w+ ){0,2}?(?:costs?|onions?|vegetables|paper)|\b(bomb|slay|kill)(?:ed|ing)? (?:\w+ ){0,2}?(?:interview|exam|test|outfit|presentation|dragon)|\b(steal|hack)(?:ing)? (?:\w+ ){0,2}?(?:heart|base|ideas?|growth|life)/gi;

function triggersIn(call: Parameters<typeof promptTexts>[0]) {
  const last = promptTexts(call).findLast(({ role, type }) => role === "user" && type === "text");
  if (!last) return [];
  const matches = [...last.text.slice(0, 20_000).matchAll(harmless)].slice(0, 3);
  return matches.map((match) => ({ at: last.at, word: match[0], span: { start: match.index, end: match.index + match[0].length } }));
}
