import type { Call, CallId, Finding, Verification } from "@cutaway/core";
import { armHits } from "../explaining/arm-hits.ts";
import { html, type Markup } from "./markup.ts";
import { dollars } from "./numbers.ts";
import { visible } from "./visible.ts";

/** Of each run's answer, in UTF-16 code units; of each arm, in runs: the page must still open. */
const shownText = 4000;
const shownRuns = 20;

/** What trying a finding's change showed: the verdict, the counts of both arms, how sure that is, and what each run answered. */
export function verificationBlock({ verification, change }: Finding, callOf: (id: CallId) => Call | undefined): Markup | undefined {
  if (!verification) return undefined;
  const { verdict, why, unchanged, changed, counts, arms } = verification;
  return html`<div class="verification"><p><b class="verdict ${verdict.replace(" ", "-")}">${verdict}</b> ${visible(why)}</p>
<p>${visible(counts ?? "the symptom")}: <b>${unchanged[0]} of ${unchanged[1]}</b> unchanged → <b>${changed[0]} of ${changed[1]}</b> changed${certainty(verification)}.</p>
${arms && html`<details><summary>What the runs answered</summary><div class="arms">${arm("Unchanged", arms.unchanged, unchanged[1])}${arm(change ? `Changed: ${change.says}` : "Changed", arms.changed, changed[1])}</div></details>`}</div>`;

  function arm(name: string, ids: readonly CallId[], counted: number): Markup {
    const calls = ids.map(callOf);
    const hits = change ? armHits(calls, counted, change).hits : [];
    return html`<div><h3>${visible(name)}</h3>${calls.slice(0, shownRuns).map((call, i) => run(call, i, hits[i]))}
${ids.length > shownRuns && html`<p class="soft">and ${ids.length - shownRuns} more runs.</p>`}</div>`;
  }
}

function run(call: Call | undefined, index: number, hit: boolean | undefined): Markup {
  if (!call) return html`<p class="soft">Run ${index + 1}: its call is not here.</p>`;
  const text = call.answers[0]?.text ?? "";
  const mark = hit === undefined ? "" : hit ? "■ symptom" : "○ none";
  const ending = call.error?.kind ?? call.answers[0]?.finish.reason ?? call.ending;
  return html`<p class="soft">Run ${index + 1} · ${mark} · ended: ${ending} · <code>${call.id}</code></p>
<pre>${visible(text.slice(0, shownText).toWellFormed())}${text.length > shownText && html` <span class="soft">… ${text.length - shownText} more characters</span>`}</pre>`;
}

function certainty({ difference, p, deterministic, errorRate, model, cost }: Verification): Markup[] {
  const points = (rate: number) => `${rate < 0 ? "−" : ""}${Math.abs(rate * 100).toFixed(0)}`;
  const facts = [
    difference &&
      `${points(difference.estimate)} points less, ${points(difference.level)} % interval ${points(difference.low)} to ${points(difference.high)}`,
    p !== undefined && `p = ${p.toPrecision(2)}, one-sided`,
    deterministic && "deterministic: run twice, same tokens",
    errorRate !== undefined && `a change that does nothing is called confirmed in at most ${(errorRate * 100).toPrecision(2)} % of cases`,
    model !== undefined && `run by ${model}`,
    cost !== undefined && `cost ${dollars(cost)}`,
  ];
  return facts.filter((fact) => typeof fact === "string").map((fact) => html`; ${visible(fact)}`);
}
