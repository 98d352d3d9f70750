import { type Alternative, decodeUtf8, type Explanation, type StripToken, type TokenStrip } from "@cutaway/core";
import { dim, type Line, line, mark } from "../terminal/line.ts";
import { counted, probability } from "../terminal/numbers.ts";
import { elide, fitEnd, widthOf } from "../terminal/width.ts";

const mostRows = 5;
/** A token below even odds is one that the model itself held for doubtful. */
const doubtful = Math.log(0.5);

/** The tokens that the model was least sure of, each in its place with what it might have written instead. */
export function renderUncertain({ call, strips }: Explanation, width: number): Line[] {
  return strips.flatMap((strip) => {
    const known = strip.tokens.filter((token) => token.logprob !== undefined);
    if (known.length === 0) return [];
    const { text = "", steps = [] } = call.answers[strip.answer] ?? {};
    const worst = known.filter((token) => (token.logprob ?? 0) < doubtful).toSorted((a, b) => (a.logprob ?? 0) - (b.logprob ?? 0));
    const which = strips.length > 1 ? `answer ${strip.answer}: ` : "";
    const mean = known.reduce((sum, token) => sum + (token.logprob ?? 0), 0) / known.length;
    const summary = line(
      `${which}${worst.length} of ${counted(known.length, "token")} below 50 %`,
      dim(` · perplexity ${Math.exp(-mean).toFixed(2)}`),
    );
    return [summary, ...worst.slice(0, mostRows).map((token) => tokenLine(text, token, steps[strip.tokens.indexOf(token)]?.top, width))];
  });
}

function tokenLine(text: string, token: StripToken, top: readonly Alternative[] | undefined, width: number): Line {
  const room = Math.floor((width - 11) * 0.55);
  const own = text.slice(token.span.start, token.span.end);
  const shown = elide(own, Math.floor(room / 2));
  const side = Math.floor((room - widthOf(shown)) / 2);
  const before = elideStart(text.slice(Math.max(0, token.span.start - 200), token.span.start), side);
  const after = elide(text.slice(token.span.end, token.span.end + 200), side);
  const used = widthOf(before) + widthOf(shown) + widthOf(after);
  const others = (top ?? [])
    .map(({ bytes, logprob }) => ({ text: decodeUtf8(bytes), logprob }))
    .filter((other) => other.text !== own)
    .slice(0, 3);
  const instead = others.map((other) => `${JSON.stringify(elide(other.text, 16))} ${probability(other.logprob)}`).join(", ");
  const padding = " ".repeat(Math.max(0, room - used) + 2);
  const chance = probability(token.logprob ?? 0).padStart(7);
  return line(
    chance,
    "  ",
    dim(before),
    mark(shown),
    dim(after),
    ...(instead === "" ? [] : [padding, dim(elide(`not ${instead}`, width - room - 11))]),
  );
}

const elideStart = (text: string, columns: number): string => {
  const end = fitEnd(text, columns);
  return end.length === text.length ? text : `…${fitEnd(text, columns - 1)}`;
};

/** In which way the tokens of the answer are known; nothing to say where they are the model's own. */
export function stripSourceWord(strip: TokenStrip | undefined): string | undefined {
  if (!strip || strip.source === "none" || strip.source === "logprobs" || strip.source === "local") return undefined;
  return strip.source === "tokenizer" ? `tokens by ${strip.tokenizer}` : `tokens estimated with ${strip.tokenizer}`;
}
