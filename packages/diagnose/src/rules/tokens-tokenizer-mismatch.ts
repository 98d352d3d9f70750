import { type Answer, type Call, decodeUtf8, type Facts, type Tokenizer, type TokenStep } from "@cutaway/core";
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
function byIds(call: Call, { tokenizer }: Facts): Found | undefined {
  const known = new Map<number, Uint8Array>();
  for (const { at, id, bytes } of idsOf(call)) {
    const before = known.get(id) ?? tokenizer?.tokenizer.bytesOf(id);
    const outside = tokenizer !== undefined && id >= tokenizer.tokenizer.vocabSize;
    if (!outside && (before === undefined || isSame(before, bytes))) {
      known.set(id, bytes);
      continue;
    }
    const own = known.has(id) ? "elsewhere in this call" : `in ${tokenizer?.tokenizer.name}`;
    return {
      severity: "problem",
      certainty: "certain",
      says: outside
        ? `Token id ${id} (${quote(decodeUtf8(bytes))}) is outside the ${count(tokenizer.tokenizer.vocabSize)} tokens of ${tokenizer.tokenizer.name}: text and model were made with different tokenizers.`
        : `Token id ${id} is ${quote(decodeUtf8(bytes))} at ${at} and ${quote(decodeUtf8(before ?? new Uint8Array()))} ${own}: ids and texts come from different tokenizers.`,
      evidence: [inField(call, at, `id ${id} as ${quote(decodeUtf8(bytes))}`)],
    };
  }
  return undefined;
}

function idsOf(call: Call): { at: string; id: number; bytes: Uint8Array }[] {
  const prompt = (call.prompt ?? []).map((token, i) => ({ ...token, at: `prompt[${i}]` }));
  const steps = call.answers.flatMap(({ steps = [] }, a) => steps.map((step, i) => ({ ...step, at: `answers[${a}].steps[${i}]` })));
  // A step without bytes ended the answer; a stop sequence may have cut the last one.
  return [...prompt, ...steps].flatMap(({ at, id, bytes }) => (id === undefined || bytes.length === 0 ? [] : [{ at, id, bytes }]));
}

/** Tokenizers that mark words drop the space of the very first one; a stop sequence cuts the last token short. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  const [x, y] = [decodeUtf8(a), decodeUtf8(b)];
  return x === y || x.trimStart() === y.trimStart() || x.startsWith(y) || y.startsWith(x);
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
