import { type Answer, type Call, decodeUtf8, type Facts, type PromptToken, type Tokenizer, type TokenStep } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inField, inSteps } from "../evidence.ts";
import { stripOf } from "../strip-of.ts";
import { count, percent, quote, tokens } from "../words.ts";

/** The tokenizer that counts here is not the one that the model uses: of a local model the ids show it, of a remote one the answer's tokens. */
export const tokenizerMismatch = callRule({
  id: "tokens.tokenizer-mismatch",
  title: "The tokenizer is not the model's own",
  check: (call, facts): Found[] => {
    const found = call.local ? byIds(call, facts) : byAnswer(call, facts);
    return found ? [found] : [];
  },
});

/** One id, two texts; or an id whose text is another one in the tokenizer at hand. */
function byIds(call: Call, { tokenizer: facts }: Facts): Found | undefined {
  const tokenizer = facts?.tokenizer;
  const known = new Map<number, Uint8Array>();
  const look = (tokens: readonly (PromptToken | TokenStep)[], path: string): Found | undefined => {
    for (const [i, { id, bytes }] of tokens.entries()) {
      // A step without bytes ended the answer.
      if (id === undefined || bytes.length === 0) continue;
      const before = known.get(id) ?? tokenizer?.bytesOf(id);
      const outside = tokenizer !== undefined && id >= tokenizer.vocabSize;
      if (outside || (before && !isSame(before, bytes))) {
        const where = known.has(id) || !tokenizer ? "elsewhere in this call" : `in ${tokenizer.name}`;
        const text = quote(decodeUtf8(bytes));
        return {
          severity: "problem",
          certainty: "certain",
          says: outside
            ? `Token id ${id} (${text}) is outside the ${count(tokenizer.vocabSize)} tokens of ${tokenizer.name}: text and model were made with different tokenizers.`
            : `Token id ${id} is ${text} at ${path}[${i}] and ${quote(decodeUtf8(before ?? bytes))} ${where}: ids and texts come from different tokenizers.`,
          evidence: [inField(call, `${path}[${i}]`, `id ${id} as ${text}`)],
        };
      }
      known.set(id, bytes);
    }
    return undefined;
  };
  const inPrompt = look(call.prompt ?? [], "prompt");
  if (inPrompt) return inPrompt;
  for (const [i, { steps = [] }] of call.answers.entries()) {
    const inAnswer = look(steps, `answers[${i}].steps`);
    if (inAnswer) return inAnswer;
  }
  return undefined;
}

/** Tokenizers that mark words drop the space of the very first one; a stop sequence cuts the last token short. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b || (a.length === b.length && a.every((byte, i) => byte === b[i]))) return true;
  const [x, y] = [decodeUtf8(a), decodeUtf8(b)];
  return x.trimStart() === y.trimStart() || x.startsWith(y) || y.startsWith(x);
}

/** Fewer tokens than this say nothing of a whole. */
const enough = 40;

/** The provider's own tokens of the answer, cut where the tokenizer would not cut; or fewer of them than the text has by our exact count. */
function byAnswer(call: Call, { tokenizer }: Facts): Found | undefined {
  const [answer] = call.answers;
  if (!tokenizer?.exact || !answer || call.answers.length > 1 || answer.text === "") return undefined;
  return byCuts(call, answer, tokenizer.tokenizer) ?? byCount(call, answer, tokenizer.tokenizer);
}

function byCuts(call: Call, answer: Answer, tokenizer: Tokenizer): Found | undefined {
  const { steps } = answer;
  if (!steps || steps.length < enough || steps.some((step: TokenStep) => step.forced)) return undefined;
  const theirs = stripOf(answer, 0);
  if (theirs.source === "none") return undefined;
  const ours = new Set(stripOf({ ...answer, steps: [] }, 0, { tokenizer, exact: true }).tokens.map(({ span }) => span.end));
  const apart = theirs.tokens.filter(({ span }) => !ours.has(span.end)).length;
  const share = apart / theirs.tokens.length;
  if (share < 0.15) return undefined;
  return {
    severity: "warning",
    certainty: "likely",
    says: `${percent(share)} of the answer's ${tokens(theirs.tokens.length)} end where ${tokenizer.name} would not cut: the model uses another tokenizer, and counts and prices made with this one are off.`,
    evidence: [
      inSteps(call, 0, { start: 0, end: steps.length }, `${count(apart)} of ${tokens(theirs.tokens.length)} are no tokens of ${tokenizer.name}`),
    ],
  };
}

/** More on the provider's side may be reasoning that is not shown; fewer cannot be. */
function byCount(call: Call, answer: Answer, tokenizer: Tokenizer): Found | undefined {
  const { outputTokens, source } = call.usage;
  if (outputTokens === undefined || outputTokens < enough || source !== "provider" || call.ending !== "complete") return undefined;
  const counted = tokenizer.count(answer.text, { disallowedSpecial: "as-text" });
  if (counted < outputTokens * 1.2 + 20) return undefined;
  return {
    severity: "warning",
    certainty: "likely",
    says: `The provider counts ${tokens(outputTokens)} of output and ${tokenizer.name} ${count(counted)} in the answer's text alone: the model uses another tokenizer, and counts and prices made with this one are off.`,
    evidence: [
      inField(call, "usage.outputTokens", `${count(outputTokens)} by the provider`),
      inField(call, "answers[0].text", `${count(counted)} by ${tokenizer.name}`),
    ],
  };
}
