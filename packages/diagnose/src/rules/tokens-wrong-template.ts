import { type Call, type Change, decodeUtf8 } from "@cutaway/core";
import { answerSigns, showsSigns } from "../answer-signs.ts";
import { callRule, type Found } from "../call-rule.ts";
import { setLocal } from "../changes.ts";
import { headOf, inField, inPrompt } from "../evidence.ts";
import { textOfTokens } from "../left-out.ts";
import { promptTexts } from "../texts.ts";
import { quote } from "../words.ts";
import { writtenTemplate } from "../written-template.ts";

/** Messages for a chat model that reached it without the markers it was trained on. */
export const wrongTemplate = callRule({
  id: "tokens.wrong-template",
  title: "The prompt is not in the model's chat template",
  check: (call): Found[] => {
    const { local, prompt, request } = call;
    if (!local || !prompt || prompt.length === 0 || !request) return [];
    const { template, markers } = local;
    if (!template.modelHasOne || template.used === "model" || markers.length === 0 || hasMarkers(call)) return [];
    const asText = textOfTokens(prompt.map(({ bytes }) => bytes));
    const plain = request.local?.parseSpecial !== true && markers.some((marker) => asText.includes(marker));
    const signs = answerSigns(call);
    const written = promptTexts(call).flatMap(({ at, text }) => {
      const found = writtenTemplate(text);
      return found ? [{ at, ...found }] : [];
    })[0];
    const how = plain
      ? `its markers (${quote(markers[0] ?? "")}) stand in the prompt as plain text, not as the tokens they name`
      : `${template.used === "none" ? "the texts were sent raw" : "another template was used"}${written ? `, in the format of ${written.name}` : ""}, and none of its markers (${markers
          .slice(0, 3)
          .map((marker) => quote(marker))
          .join(", ")}) is in the prompt`;
    const first = promptTexts(call)[0];
    return [
      {
        severity: signs.length > 0 ? "problem" : "warning",
        certainty: "certain",
        says: `The model has a chat template of its own and did not get it: ${how}. ${
          signs.length > 0
            ? `The answer shows it: it ${signs
                .slice(0, 2)
                .map(({ says }) => says)
                .join(" and ")}.`
            : "Nothing in this answer shows it; send the messages in the model's own template all the same."
        }`,
        evidence: [
          ...signs.slice(0, 4).map(({ evidence }) => evidence),
          inField(call, "local.template", template.used === "none" ? "no template was used" : "not the model's own template"),
          ...(written
            ? [inPrompt(call, written.at, written.first, `a marker of ${written.name}`)]
            : first
              ? [inPrompt(call, first.at, headOf(first.text), "the prompt begins here, without a marker")]
              : []),
        ],
        ...(signs.length > 0 && { change: changeFor(template.used, plain) }),
      },
    ];
  },
});

/** A special token of the model's template, beside a BOS that may be one of them. */
function hasMarkers({ prompt = [], local }: Call): boolean {
  const markers = new Set(local?.markers);
  return prompt.some(({ id, special, bytes }, i) => special && !(i === 0 && id === local?.specials.bos?.id) && markers.has(decodeUtf8(bytes)));
}

function changeFor(used: "request" | "none", plain: boolean): Change {
  if (plain) return setLocal("read the markers in the text as the special tokens they name", { parseSpecial: true }, showsSigns);
  return used === "none"
    ? setLocal("send the messages in the model's own chat template instead of raw", { raw: undefined }, showsSigns)
    : setLocal("use the model's own chat template", { template: undefined }, showsSigns);
}
