import { type Explanation, usageCounts } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import { dollars, integer } from "./numbers.ts";
import { visible } from "./visible.ts";

export function costSection({ cost, costUnknown, call }: Explanation): Markup {
  const counts = usageCounts.flatMap((count) => (call.usage[count] === undefined ? [] : [[count, call.usage[count]] as const]));
  return html`<section><h2>Cost and usage</h2>
${
  cost
    ? html`<table><thead><tr><th>What</th><th class="number">Units</th><th class="number">per million</th><th class="number">Amount</th></tr></thead><tbody>
${cost.lines.map(({ what, units, per, amount }) => html`<tr><td>${visible(what)}</td><td class="number">${integer(units)}</td><td class="number">${dollars(per)}</td><td class="number">${dollars(amount)}</td></tr>`)}
<tr><th>Total</th><td></td><td></td><td class="number"><b>${dollars(cost.total)}</b></td></tr></tbody></table>
<p class="soft">Prices of ${cost.price.provider} ${cost.price.model} on ${cost.price.at.slice(0, 10)}, from ${cost.price.source.name} ${cost.price.source.version} (${cost.price.source.date}).</p>
${cost.caveats.map((caveat) => html`<p class="soft">${visible(caveat)}</p>`)}`
    : html`<p>Cost unknown${costUnknown && html`: ${visible(costUnknown)}`}.</p>`
}
${counts.length > 0 ? html`<h3>Counts${call.usage.source && ` (by the ${call.usage.source})`}</h3><table><tbody>${counts.map(([count, n]) => html`<tr><th>${count}</th><td class="number">${integer(n)}</td></tr>`)}</tbody></table>` : html`<p class="soft">No usage was reported.</p>`}</section>`;
}
