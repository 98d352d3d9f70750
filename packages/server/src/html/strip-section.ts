import { type Answer, decodeUtf8, type Explanation, type StripToken, type TokenStep, type TokenStrip } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import { percent } from "./numbers.ts";
import { visible, visibleText } from "./visible.ts";

/** Least probable last; a token's class is the first whose bound it reaches. */
const shades: [name: string, from: number, says: string][] = [
  ["p0", 0.9, "90 % or more"],
  ["p1", 0.7, "70–90 %"],
  ["p2", 0.5, "50–70 %"],
  ["p3", 0.3, "30–50 %"],
  ["p4", 0.1, "10–30 %"],
  ["p5", 0.01, "1–10 %"],
  ["p6", 0, "below 1 %"],
];

const sources: Record<TokenStrip["source"], string> = {
  logprobs: "The model's own tokens, shaded by the probability it gave them. Hover a token for the alternatives.",
  local: "The model's own tokens, shaded by the probability it gave them. Hover a token for the alternatives.",
  tokenizer: "Tokens by the vendor's published tokenizer; the provider sent no probabilities.",
  "tokenizer-estimate": "Tokens by a stand-in tokenizer: an estimate. The provider sent no probabilities.",
  none: "The tokens are not known.",
};

/** More tokens than this are shown without their alternatives: the page must still open. */
const detailedTokens = 20_000;

/** The pieces of an answer that findings point at, as UTF-16 ranges of its text with the anchor to jump to. */
export interface LitSpan {
  start: number;
  end: number;
  anchor: string;
}

export function answerSection(answer: Answer, index: number, { strips, call }: Explanation, lit: readonly LitSpan[]): Markup {
  const strip = strips.find((candidate) => candidate.answer === index);
  const hasProbabilities = strip?.source === "logprobs" || strip?.source === "local";
  const finish = answer.finish.raw === undefined ? answer.finish.reason : `${answer.finish.reason} (${answer.finish.raw})`;
  return html`<section><h2>Answer${call.answers.length > 1 ? ` ${index + 1}` : ""} <span class="soft">— ended: ${visible(finish)}</span></h2>
${answer.reasoning && html`<details><summary>Reasoning</summary><pre>${visible(answer.reasoning)}</pre></details>`}
${answer.refusal && html`<h3>Refusal</h3><pre>${visible(answer.refusal)}</pre>`}
${
  answer.text
    ? html`<p class="soft">${sources[strip?.source ?? "none"]}${strip?.tokenizer && ` (${strip.tokenizer})`}</p>
${hasProbabilities && html`<div class="legend">${shades.map(([name, , says]) => html`<span class="${name}">${says}</span>`)}</div>`}
<div class="strip">${tokensOf(answer, strip, lit)}</div>`
    : html`<p class="soft">No text.</p>`
}
${answer.toolCalls.map((tool) => html`<h3>Tool call: ${visible(tool.name)}</h3><pre>${visible(tool.arguments)}</pre>`)}
${answer.other.map(({ name, json }) => html`<details><summary>${visible(name)}</summary><pre>${visible(JSON.stringify(json, undefined, 2))}</pre></details>`)}</section>`;
}

function tokensOf({ text, steps }: Answer, strip: TokenStrip | undefined, lit: readonly LitSpan[]): Markup[] {
  const rest = strip?.endsAt === undefined ? [] : [{ span: { start: strip.endsAt, end: text.length } }];
  const tokens: readonly StripToken[] = strip?.tokens.length ? [...strip.tokens, ...rest] : piecesBetween(text, lit);
  const ownSteps = strip?.source === "logprobs" || strip?.source === "local" ? steps : undefined;
  const isDetailed = tokens.length <= detailedTokens;
  const anchored = new Set<string>();
  return tokens.map((token, i) => {
    const { start, end } = token.span;
    const over = lit.filter((span) => span.start < Math.max(end, start + 1) && span.end > start);
    const fresh = over.filter(({ anchor }) => !anchored.has(anchor));
    for (const { anchor } of fresh) anchored.add(anchor);
    const classes = ["t", token.logprob === undefined ? "" : shadeOf(token.logprob), over.length > 0 ? "lit" : ""]
      .filter((name) => name !== "")
      .join(" ");
    const title = isDetailed ? titleOf(token, ownSteps?.[i]) : "";
    return html`${fresh.map(({ anchor }) => html`<a id="${anchor}"></a>`)}<span class="${classes}"${title !== "" && html` title="${title}"`}>${breaksShown(text.slice(start, end))}</span>`;
  });
}

const shadeOf = (logprob: number): string => shades.find(([, from]) => Math.exp(logprob) >= from)?.[0] ?? "p6";

function titleOf({ logprob, at, id }: StripToken, step: TokenStep | undefined): string {
  const lines = [
    logprob !== undefined && `probability ${percent(logprob)}`,
    id !== undefined && `id ${id}`,
    at !== undefined && `at ${at.toFixed(0)} ms`,
    ...(step?.top ?? []).slice(0, 8).map((other) => `${percent(other.logprob)}  ${visibleText(JSON.stringify(decodeUtf8(other.bytes)))}`),
  ];
  return lines.filter((line) => line !== false).join("\n");
}

const breaksShown = (text: string): Markup[] =>
  text.split("\n").flatMap((line, i) => (i === 0 ? visible(line) : [html`<span class="break">⏎</span>\n`, ...visible(line)]));

/** Without tokens, the text is cut where what is lit begins and ends. */
function piecesBetween(text: string, lit: readonly LitSpan[]): StripToken[] {
  const cuts = [...new Set([0, text.length, ...lit.flatMap(({ start, end }) => [start, end])])]
    .filter((cut) => cut >= 0 && cut <= text.length)
    .sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => ({ span: { start: cuts[i] as number, end } }));
}
