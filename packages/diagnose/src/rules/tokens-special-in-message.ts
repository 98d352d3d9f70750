import { type Call, decodeUtf8, type PromptToken } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { setLocal } from "../changes.ts";
import { inField } from "../evidence.ts";
import { count, quote } from "../words.ts";

/** Text in a message was read as a control token: whoever wrote it could end the turn, or begin another. */
export const specialInMessage = callRule({
  id: "tokens.special-in-message",
  title: "A message speaks in control tokens",
  check: (call): Found[] => {
    // Without a template nobody else could have written them: they are meant.
    if (!call.local || call.local.template.used === "none") return [];
    const found = spoken(call);
    const [first] = found;
    if (!first) return [];
    const texts = [...new Set(found.map(({ token }) => quote(decodeUtf8(token.bytes))))];
    return [
      {
        severity: "warning",
        certainty: "certain",
        says: `The text of ${found.length === 1 ? "a message was read as the control token" : `messages was read as ${count(found.length)} control tokens,`} ${texts.slice(0, 3).join(", ")}${texts.length > 3 ? ", …" : ""}: what comes after it may count as another turn.`,
        evidence: found
          .slice(0, 8)
          .map(({ token, at }) =>
            inField(call, `prompt[${at}]`, `${quote(decodeUtf8(token.bytes))} (id ${token.id}) from ${places[token.segment] ?? "a message"}`),
          ),
        ...(call.request?.local?.parseSpecial === true && {
          change: setLocal(
            "read messages as text",
            { parseSpecial: undefined },
            { counts: "a message holds a control token, as the model read it", symptom: (other) => spoken(other).length > 0 },
          ),
        }),
      },
    ];
  },
});

const places: Partial<Record<PromptToken["segment"], string>> = {
  user: "the last message",
  history: "an earlier message",
  context: "a tool's result",
};

/** Control tokens in what users, tools and earlier turns said; the template's and the system message's own are their author's. */
const spoken = ({ prompt = [] }: Call): { token: PromptToken; at: number }[] =>
  prompt.flatMap((token, at) => (token.special === true && places[token.segment] !== undefined ? [{ token, at }] : []));
