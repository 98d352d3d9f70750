import { decodeUtf8, type Span, type TokenStep } from "@cutaway/core";

/** Neighbouring tokens that the model was unsure of. */
export interface UnsureSpan {
  /** Steps. */
  span: Span;
  text: string;
  /** The lowest probability among its content tokens, 0 to 1, and the step that has it. */
  probability: number;
  step: number;
  /** A number, a name or an address: what a reader takes for a fact. */
  factual: boolean;
  /** The sampler took a factual token although another one was more than twice as likely. */
  overruled: boolean;
}

export interface UnsureOptions {
  /** A content token is unsure below this probability. */
  below?: number;
  /** Sure tokens between two unsure ones that still belong to one span. */
  bridge?: number;
}

/**
 * Spans of content tokens (words, numbers) whose probability was low where other content was as likely, merged when near.
 * Left out: function words, punctuation and spaces, where many continuations are equally right; the first word of the answer and of
 * a sentence, which is a choice of wording; tokens that the sampler was forced to.
 */
export function unsureSpans(steps: readonly TokenStep[], { below = 0.35, bridge = 2 }: UnsureOptions = {}): UnsureSpan[] {
  const texts = steps.map((step) => decodeUtf8(step.bytes));
  const spans: UnsureSpan[] = [];
  let sentenceStart = true;
  for (const [i, step] of steps.entries()) {
    const text = texts[i] as string;
    const word = text.trim();
    const atStart = sentenceStart;
    sentenceStart = /[.!?:\n]\s*$/.test(text) || (sentenceStart && !/[\p{L}\p{N}]/u.test(text));
    if (step.logprob === undefined || step.forced) continue;
    const probability = Math.exp(step.logprob);
    const rival = strongestRival(step, word);
    if (probability >= below || !isContent(word) || (rival && !isContent(rival.text))) continue;
    const factual = /\p{N}/u.test(word) || (/^\p{Lu}/u.test(word) && !atStart) || /\b(https?|www|doi)\b/i.test(word);
    if (atStart && !factual) continue;
    const overruled = factual && rival !== undefined && rival.probability > probability * 2;
    const last = spans[spans.length - 1];
    if (last && i - last.span.end <= bridge) {
      last.span.end = i + 1;
      last.factual ||= factual;
      last.overruled ||= overruled;
      if (probability < last.probability) Object.assign(last, { probability, step: i });
    } else {
      spans.push({ span: { start: i, end: i + 1 }, text: "", probability, step: i, factual, overruled });
    }
  }
  for (const span of spans) span.text = texts.slice(span.span.start, span.span.end).join("");
  return spans;
}

const isContent = (word: string) => /\p{N}/u.test(word) || (/\p{L}{3,}/u.test(word) && !functionWords.has(word.toLowerCase()));

/** The likeliest other candidate. Where it is a function word or punctuation, the doubt is about phrasing, not about the fact. */
function strongestRival(step: TokenStep, word: string): { text: string; probability: number } | undefined {
  const rivals = (step.top ?? []).map(({ bytes, logprob }) => ({ text: decodeUtf8(bytes).trim(), probability: Math.exp(logprob) }));
  return rivals.filter(({ text }) => text !== word).sort((a, b) => b.probability - a.probability)[0];
}

const functionWords: ReadonlySet<string> = new Set(
  `the and for are but not you all any can her was one our out his has had how its who did yes she they them their there then than that this these
  those with from have were been being will would could should shall may might must about into over under after before between through during
  while where when which what why your yours mine ours also just only very more most some such each other both either neither because since until
  unless although though however therefore thus hence here again ever never always often usually sometimes many much few less least own same too
  let get got make makes made per via like upon within without against among around across along toward towards including`.split(/\s+/),
);
