import type { Call } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { setLocal } from "../changes.ts";
import { inField } from "../evidence.ts";
import { quote } from "../words.ts";

/** The model's file asks for a beginning-of-sequence token, and the prompt does not begin with it. */
export const missingBos = callRule({
  id: "tokens.missing-bos",
  title: "The prompt lacks the BOS token",
  check: (call): Found[] => {
    const bos = call.local?.specials.bos;
    if (!bos || !lacksBos(call)) return [];
    const asked = call.request?.local?.bos;
    return [
      {
        severity: "warning",
        certainty: "certain",
        says: `The model's file asks for a BOS token, ${quote(bos.text)} (id ${bos.id}), and the prompt does not begin with it${asked === "never" ? ": bos: never was asked for" : ""}; some models write nonsense without it.`,
        evidence: [
          inField(call, "local.specials.addBos", "the file asks for it"),
          inField(call, "prompt[0]", "the prompt begins with another token"),
          ...(asked === undefined ? [] : [inField(call, "request.local.bos", `asked for as “${asked}”`)]),
        ],
        ...(call.request &&
          asked !== "always" && {
            change: setLocal(
              "begin the prompt with the BOS token",
              { bos: asked === "never" ? undefined : "always" },
              { counts: "the prompt, as the model read it, does not begin with BOS", symptom: lacksBos },
            ),
          }),
      },
    ];
  },
});

/** A prompt whose beginning was left out lost its BOS with it: that is another fault. */
const lacksBos = ({ local, prompt }: Call): boolean =>
  local?.specials.addBos === true &&
  local.specials.bos !== undefined &&
  local.dropped?.at !== "start" &&
  prompt !== undefined &&
  prompt.length > 0 &&
  prompt[0]?.id !== local.specials.bos.id;
