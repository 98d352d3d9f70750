import type { Explanation } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import { dollars, integer } from "./numbers.ts";
import { visible } from "./visible.ts";

export function promptSection({ prompt, call }: Explanation): Markup | undefined {
  if (!prompt || prompt.segments.length === 0)
    return call.request ? undefined : html`<section><h2>Prompt</h2><p class="soft">The request was not recorded.</p></section>`;
  const { segments, tokenizer, counted, unattributed } = prompt;
  const counter = tokenizer
    ? `Counted with ${tokenizer.name}${tokenizer.exact ? "" : ", an estimate: it is not this model's tokenizer"}.`
    : "No tokenizer is known for this model: its tokens are not counted.";
  return html`<section><h2>Prompt, in the order the model reads it</h2><p class="soft">${counter}</p>
<table><thead><tr><th>Part</th><th>Where</th><th class="number">Tokens</th><th class="number">Cost, uncached</th></tr></thead><tbody>
${segments.map(
  ({
    kind,
    label,
    at,
    text,
    tokens,
    cost,
  }) => html`<tr><td>${text === "" ? named(kind, label) : html`<details><summary>${named(kind, label)}</summary><pre>${visible(text)}</pre></details>`}</td>
<td class="soft where">${visible(at)}</td><td class="number">${tokens === undefined ? "unknown" : integer(tokens)}</td><td class="number">${cost === undefined ? "unknown" : dollars(cost)}</td></tr>`,
)}
${counted !== undefined && html`<tr><td>All parts</td><td></td><td class="number">${integer(counted)}</td><td></td></tr>`}
${unattributed !== undefined && html`<tr><td>Counted by the provider beyond these <span class="soft">(framing, media, hidden prompts, or the error of an estimate)</span></td><td></td><td class="number">${integer(unattributed)}</td><td></td></tr>`}
</tbody></table></section>`;
}

const named = (kind: string, label: string): Markup => (label === kind ? html`${kind}` : html`${kind}: ${visible(label)}`);
