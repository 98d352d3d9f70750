import { type Call, decodeUtf8, type PromptToken } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import { integer } from "./numbers.ts";
import { visible } from "./visible.ts";

/** Tokens of the prompt that are shown one by one: its beginning and its end, where templates are written. */
const shownAtEnds = 4000;

/** The prompt as a local model read it, token by token, each in the colour of its part; and what the runtime did to get there. */
export function promptTokensSection({ prompt, local, usage }: Call): Markup | undefined {
  if (!local && !prompt) return undefined;
  return html`<section><h2>Prompt, as the model read it</h2>${local && facts(local, prompt?.length ?? usage.inputTokens, usage.outputTokens)}${prompt && tokens(prompt, local?.dropped)}</section>`;
}

function facts(run: NonNullable<Call["local"]>, promptTokens: number | undefined, answerTokens: number | undefined): Markup {
  const { weights, engine, contextSize, trainedContext, template, specials, dropped, sampler, reusedTokens } = run;
  const used = {
    model: "the model's own",
    request: "another than the model's",
    none: template.modelHasOne ? "none, though the model has one" : "none",
  };
  const rows: [string, string | undefined][] = [
    ["Weights", [weights.file, weights.architecture, weights.quantization].filter((part) => part !== undefined).join(" · ")],
    ["SHA-256", weights.sha256],
    ["Engine", `${engine.name} ${engine.version}, ${integer(engine.threads)} threads`],
    ["Template", used[template.used]],
    ["BOS", `${specials.bos?.text ?? "none in the vocabulary"}; the file ${specials.addBos ? "asks for one" : "asks for none"}`],
    [
      "Context",
      promptTokens === undefined
        ? undefined
        : `${integer(promptTokens)} prompt${answerTokens === undefined ? "" : ` + ${integer(answerTokens)} answer`} of ${integer(contextSize)} (trained for ${integer(trainedContext)})`,
    ],
    ["Left out", dropped && `${integer(dropped.tokens)} of ${integer(dropped.of)} prompt tokens, at the ${dropped.at}`],
    ["Sampler", sampler.greedy ? "greedy" : sampler.order.join(" → ")],
    ["Seed", sampler.seed?.toString()],
    ["Reused from the call before", !reusedTokens ? undefined : `${integer(reusedTokens)} tokens`],
  ];
  return html`<table><tbody>${rows.map(([name, value]) => value !== undefined && html`<tr><th>${name}</th><td>${visible(value)}</td></tr>`)}</tbody></table>`;
}

function tokens(prompt: readonly PromptToken[], dropped: NonNullable<Call["local"]>["dropped"]): Markup {
  const isLong = prompt.length > 2 * shownAtEnds;
  const head = isLong ? prompt.slice(0, shownAtEnds) : prompt;
  const tail = isLong ? prompt.slice(-shownAtEnds) : [];
  const gap = dropped && html`<span class="gap">${integer(dropped.tokens)} tokens left out here</span>`;
  return html`<p class="soft">Special tokens are framed. Colours are the parts: template, system, tools, history, context, user.</p>
<div class="strip">${dropped?.at === "start" && gap}${head.map(token)}${isLong && html`<span class="gap">${integer(prompt.length - 2 * shownAtEnds)} tokens not shown</span>`}${tail.map(token)}${dropped?.at === "end" && gap}</div>`;
}

const token = ({ id, bytes, segment, special }: PromptToken): Markup =>
  html`<span class="t s-${segment}${special ? " special" : ""}" title="${segment}${special ? ", special" : ""}${id === undefined ? "" : ` · id ${id}`}">${visible(decodeUtf8(bytes))}</span>`;
