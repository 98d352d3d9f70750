import type { Call, CallId, Evidence, Explanation, Finding } from "@cutaway/core";
import { html, type Markup } from "./markup.ts";
import type { LitSpan } from "./strip-section.ts";
import { verificationBlock } from "./verification-block.ts";
import { visible } from "./visible.ts";

/** The name of a piece of evidence in the page, for links from the finding into the answer. */
const anchorOf = (finding: number, evidence: number): string => `evidence-${finding + 1}-${evidence + 1}`;

export function findingsSection({ findings }: Explanation, lit: ReadonlySet<string>, callOf: (id: CallId) => Call | undefined): Markup {
  if (findings.length === 0) return html`<section><h2>Findings</h2><p>No rule found anything wrong with this call.</p></section>`;
  return html`<section><h2>Findings</h2>${findings.map((finding, i) => findingBlock(finding, i, lit, callOf))}</section>`;
}

function findingBlock(finding: Finding, index: number, lit: ReadonlySet<string>, callOf: (id: CallId) => Call | undefined): Markup {
  const { rule, severity, certainty, says, evidence, change } = finding;
  return html`<div class="finding ${severity}"><p><span class="badge">${severity}</span> · ${certainty} · <code>${rule}</code></p>
<p>${visible(says)}</p>
${evidence.length > 0 && html`<ul>${evidence.map((item, i) => evidenceLine(item, anchorOf(index, i), lit))}</ul>`}
${change && html`<p><b>Change:</b> ${visible(change.says)}</p>`}
${verificationBlock(finding, callOf)}</div>`;
}

function evidenceLine({ says, at, path }: Evidence, anchor: string, lit: ReadonlySet<string>): Markup {
  const where = typeof at === "string" ? at : `${path ?? ""} ${at.start}–${at.end}`;
  return html`<li>${visible(says)} <span class="soft">(${lit.has(anchor) ? html`<a href="#${anchor}">${where}</a>` : visible(where)})</span></li>`;
}

/** What the findings light up in the text of one answer. */
export function litSpans({ findings, call }: Explanation, answer: number): LitSpan[] {
  const text = `answers[${answer}].text`;
  const steps = call.answers[answer]?.steps;
  return findings.flatMap(({ evidence }, i) =>
    evidence.flatMap(({ kind, path, at }, j): LitSpan[] => {
      if (typeof at === "string") return [];
      const anchor = anchorOf(i, j);
      if (kind === "text" && path === text) return [{ ...at, anchor }];
      if (kind === "steps" && path === `answers[${answer}].steps` && steps) return [{ ...textRangeOf(steps, at.start, at.end), anchor }];
      return [];
    }),
  );
}

/** Steps are counted, text is measured: the UTF-16 range that the bytes of steps `start` to `end` spell. */
function textRangeOf(steps: readonly { bytes: Uint8Array }[], start: number, end: number): { start: number; end: number } {
  const lengthOf = (count: number) => Buffer.concat(steps.slice(0, count).map((step) => step.bytes)).toString().length;
  return { start: lengthOf(start), end: lengthOf(end) };
}
