import type { Change, Part } from "@cutaway/core";
import { answerSigns, showsSigns } from "../answer-signs.ts";
import { callRule, type Found } from "../call-rule.ts";
import { editPart } from "../changes.ts";
import { inPrompt } from "../evidence.ts";
import { promptTexts } from "../texts.ts";
import { quote } from "../words.ts";
import { type WrittenTemplate, writtenTemplate } from "../written-template.ts";

/** A message that is itself a rendered prompt: the template stands around it a second time. */
export const doubledTemplate = callRule({
  id: "tokens.doubled-template",
  title: "A message already holds a chat template",
  check: (call): Found[] => {
    if (!call.request || (call.local ? call.local.template.used === "none" : call.request.local?.raw === true)) return [];
    return promptTexts(call).flatMap(({ role, type, at, text }): Found[] => {
      const written = type === "text" && role === "user" ? writtenTemplate(text, call.local?.markers) : undefined;
      if (!written) return [];
      const signs = answerSigns(call);
      const change = signs.length > 0 ? unwrapped(at, text, written) : undefined;
      const said = signs.slice(0, 2).map(({ says }) => says);
      return [
        {
          severity: signs.length > 0 ? "problem" : "warning",
          certainty: call.local ? "certain" : "likely",
          says: `A message is already written in ${written.name === "the model's own template" ? written.name : `the format of ${written.name}`}, from ${quote(text.slice(written.first.start, written.first.end))} to ${quote(text.slice(written.last.start, written.last.end))}, and the chat template was put around it once more: ${
            said.length > 0 ? `the answer ${said.join(" and ")}` : "send what it says without the markers"
          }.`,
          evidence: [
            inPrompt(call, at, written.first, "the first marker"),
            inPrompt(call, at, written.last, "the last"),
            ...signs.slice(0, 3).map(({ evidence }) => evidence),
          ],
          ...(change && { change }),
        },
      ];
    });
  },
});

/** The user's words alone, where they can be told from the markers. */
function unwrapped(at: string, text: string, { user }: WrittenTemplate): Change | undefined {
  if (!user) return undefined;
  const words = text.slice(user.start, user.end);
  const bare = (part: Part): Part => (part.type === "text" ? { ...part, text: words } : part);
  return editPart("send what the message says, without the markers around it", at, bare, showsSigns);
}
