import { html, type Markup } from "./markup.ts";
import { visible } from "./visible.ts";

/** A number with a bar under it that is as long as its share of `most`. */
export function barCell(value: number | undefined, most: number, text: string, mark?: "low"): Markup {
  const share = value === undefined || most <= 0 ? 0 : Math.min(100, (value / most) * 100);
  return html`<td class="number${mark && ` ${mark}`}">${text}<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="${share.toFixed(2)}" height="4"/></svg></td>`;
}

/** An interval on an axis from `from` to `to`, which includes 0. */
export function intervalPlot({ estimate, low, high }: { estimate: number; low: number; high: number }, from: number, to: number): Markup {
  const x = (value: number) => (to === from ? 50 : ((value - from) / (to - from)) * 100).toFixed(2);
  return html`<svg class="strip-plot" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><line x1="0" x2="100" y1="5" y2="5"/><line class="zero" x1="${x(0)}" x2="${x(0)}" y1="0" y2="10"/><line class="span" x1="${x(low)}" x2="${x(high)}" y1="5" y2="5"/><line class="at" x1="${x(estimate)}" x2="${x(estimate)}" y1="1" y2="9"/></svg>`;
}

/** A table that scrolls by itself where the page is narrow. */
export const wideTable = (name: string, content: Markup): Markup =>
  html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>${content}</table></div>`;

export const notesList = (notes: readonly string[]): Markup | undefined =>
  notes.length === 0
    ? undefined
    : html`<section><h2>Notes</h2><ul>${notes.map((note) => html`<li class="soft">${visible(note)}</li>`)}</ul></section>`;

/** Where the page comes from: the command that wrote it. */
export const reportFooter = (command: string | undefined): Markup =>
  html`<footer class="soft"><p>Written by Cutaway${command !== undefined && html`: <code class="command">${visible(command)}</code>`}.</p></footer></body></html>
`;

export const fixed = (value: number | undefined, places = 2): string => (value === undefined ? "–" : value.toFixed(places));

/** A share of one: `0`, `12.5 %`. */
export const shareWord = (share: number): string => (share === 0 ? "0" : `${share < 0.0005 ? "<0.1" : (share * 100).toFixed(1)} %`);
