import { type Answer, decodeUtf8, type TokenStep } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import { integer, percent } from "./numbers.ts";
import { visible } from "./visible.ts";

/** Steps whose stages are listed: the least probable ones, in reading order. The case in the page has all. */
const shownSteps = 60;

/** What the sampler did at the steps where the model was least sure. */
export function stagesSection({ steps }: Answer, index: number): Markup | undefined {
  const told = (steps ?? []).flatMap((step, i) => (step.stages && step.stages.length > 0 ? [{ step, i }] : []));
  if (told.length === 0) return undefined;
  const shown = told
    .toSorted((a, b) => (a.step.logprob ?? 0) - (b.step.logprob ?? 0))
    .slice(0, shownSteps)
    .sort((a, b) => a.i - b.i);
  return html`<section><h2>What the sampler did${index > 0 ? `, answer ${index + 1}` : ""}</h2>
<p class="soft">${shown.length < told.length ? `The ${integer(shown.length)} least probable of ${integer(told.length)} tokens.` : "Every token."} Probabilities before → after the stages; entropies and KL in nats.</p>
<table class="stages"><thead><tr><th>Token</th><th>Stage</th><th class="number">Kept</th><th class="number">Removed</th><th class="number">Entropy</th><th class="number">KL</th></tr></thead>
${shown.map(({ step, i }) => stepRows(step, i))}</table></section>`;
}

function stepRows({ bytes, logprob, sampledLogprob, stages = [] }: TokenStep, index: number): Markup {
  const chances = [logprob, sampledLogprob].map((value) => (value === undefined ? "unknown" : percent(value))).join(" → ");
  return html`<tbody>${stages.map(
    ({ stage, setting, kept, removedMass, entropyBefore, entropyAfter, kl }, i) =>
      html`<tr>${
        i === 0 &&
        html`<th rowspan="${stages.length}">${index} <code>${visible(decodeUtf8(bytes))}</code><br><span class="soft">${chances}</span></th>`
      }<td>${visible(stage)}${setting !== undefined && ` ${setting}`}</td><td class="number">${integer(kept)}</td><td class="number">${(removedMass * 100).toPrecision(3)} %</td><td class="number">${entropyBefore.toFixed(3)} → ${entropyAfter.toFixed(3)}</td><td class="number">${kl.toFixed(3)}</td></tr>`,
  )}</tbody>`;
}
