import type { Explanation } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import { duration } from "./numbers.ts";

const width = 1000;

/** The stream as a bar: waiting, reasoning, writing, silence; each arrival a tick. */
export function timingSection({ call, durations }: Explanation): Markup {
  const { headers, firstToken, firstText, lastToken, closed, chunks } = call.instants;
  const end = closed ?? chunks?.[chunks.length - 1]?.[0];
  if (end === undefined || end <= 0)
    return html`<section><h2>Timing</h2><p class="soft">Unknown: no clock ran while this was recorded.</p></section>`;
  const x = (at: number) => Number(((Math.min(at, end) / end) * width).toFixed(2));
  const bar = (name: string, from: number | undefined, to: number | undefined) =>
    from !== undefined &&
    to !== undefined &&
    to > from &&
    html`<rect class="${name}" x="${x(from)}" y="8" width="${Math.max(x(to) - x(from), 1)}" height="22"/>`;
  // Ticks closer than a pixel are one line on the screen.
  const ticks = [...new Set((chunks ?? []).map(([at]) => Math.round(x(at))))];
  const rows: [string, number | undefined][] = [
    ["Headers of the answer", headers],
    ["First token (TTFT)", durations.ttft],
    ["First token of text", firstText !== firstToken ? durations.ttfText : undefined],
    ["Last token", lastToken],
    ["Time per output token (TPOT)", durations.tpot],
    ["End", durations.total],
  ];
  return html`<section><h2>Timing</h2>
<svg viewBox="0 0 ${width} 52" role="img" aria-label="Waiting, writing and arrivals over ${duration(end)}">
<line class="rule" x1="0" y1="40" x2="${width}" y2="40"/>
${bar("wait", 0, firstToken ?? end)}${bar("think", firstToken, firstText ?? lastToken)}${bar("write", firstText, lastToken)}${bar("tail", lastToken, end)}
${ticks.map((at) => html`<line class="tick" x1="${at}" y1="33" x2="${at}" y2="40"/>`)}
<text x="0" y="51">0</text><text x="${width}" y="51" text-anchor="end">${duration(end)}</text></svg>
<p class="soft">Grey: waiting. Violet: reasoning or tool arguments before text. Teal: text. Ticks: ${chunks ? `${chunks.length} arrivals` : "arrivals not recorded"}.</p>
<table><tbody>${rows.map(([name, ms]) => ms !== undefined && html`<tr><th>${name}</th><td class="number">${duration(ms)}</td></tr>`)}
${durations.chunkGaps && html`<tr><th>Gap between arrivals: median, 95th percentile, longest</th><td class="number">${duration(durations.chunkGaps.p50)}, ${duration(durations.chunkGaps.p95)}, ${duration(durations.chunkGaps.max)}</td></tr>`}
</tbody></table></section>`;
}
