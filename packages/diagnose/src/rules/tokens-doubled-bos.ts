import type { Call } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { setLocal } from "../changes.ts";
import { inField } from "../evidence.ts";
import { quote } from "../words.ts";

/** The prompt begins with the beginning-of-sequence token twice: the file's rule and the template each wrote one. */
export const doubledBos = callRule({
  id: "tokens.doubled-bos",
  title: "The prompt begins with BOS twice",
  check: (call): Found[] => {
    const bos = call.local?.specials.bos;
    if (!bos || !beginsTwice(call)) return [];
    const asked = call.request?.local?.bos;
    return [
      {
        severity: "warning",
        certainty: "certain",
        says: `The prompt begins with two BOS tokens, ${quote(bos.text)} (id ${bos.id}) each, where the model was trained on one: ${asked === "always" ? "one was asked for with bos: always, and the text has its own" : "the runtime put one before a text that has its own"}.`,
        evidence: [
          inField(call, "prompt[0]", "the first BOS"),
          inField(call, "prompt[1]", "and the second"),
          ...(asked === undefined ? [] : [inField(call, "request.local.bos", `asked for as “${asked}”`)]),
        ],
        ...(call.request &&
          asked !== "never" && {
            change: setLocal(
              "put no BOS before the prompt: it brings its own",
              { bos: "never" },
              { counts: "the prompt, as the model read it, begins with two BOS tokens", symptom: beginsTwice },
            ),
          }),
      },
    ];
  },
});

const beginsTwice = ({ local, prompt = [] }: Call): boolean => {
  const id = local?.specials.bos?.id;
  return id !== undefined && prompt[0]?.id === id && prompt[1]?.id === id && prompt[0].special === true && prompt[1].special === true;
};
