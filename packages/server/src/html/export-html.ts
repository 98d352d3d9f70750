import type { Call, CallId, Explanation } from "@cutaway/core";
import { toCaseFile } from "@cutaway/provider";
import type { Bodies } from "@cutaway/store";
import { bodiesSection } from "./bodies-section.ts";
import { caseBlock } from "./case-block.ts";
import { costSection } from "./cost-section.ts";
import { findingsSection, litSpans } from "./findings-section.ts";
import { html, type Markup } from "./markup.ts";
import { instant } from "./numbers.ts";
import { pageHead } from "./page-head.ts";
import { promptSection } from "./prompt-section.ts";
import { stagesSection } from "./stages-section.ts";
import { answerSection } from "./strip-section.ts";
import { timingSection } from "./timing-section.ts";
import { promptTokensSection } from "./tokens-section.ts";
import { visible } from "./visible.ts";

/**
 * One call as a page that opens anywhere: everything in one file, no script, nothing loaded, light and dark.
 * It carries the case itself, so that Cutaway can read the call back from it (`caseInHtml`).
 * callOf  reads the calls that were made to verify a finding; without it, their texts are left out
 * Whatever a model or a user wrote is text in it; a content policy in the page forbids the rest.
 */
export async function exportHtml(
  explanation: Explanation,
  bodies: Bodies,
  callOf: (id: CallId) => Call | undefined = () => undefined,
): Promise<string> {
  const { call } = explanation;
  const spans = call.answers.map((_, i) => litSpans(explanation, i));
  const lit = new Set(spans.flat().map(({ anchor }) => anchor));
  const name = call.model.asked ?? call.model.served ?? "unknown model";
  const head = html`${pageHead(name)}
<header><h1>${visible(name)}</h1>${summary(explanation)}</header>
${findingsSection(explanation, lit, callOf)}
${call.answers.map((answer, i) => answerSection(answer, i, explanation, spans[i] ?? []))}
${call.answers.map(stagesSection)}
${promptTokensSection(call)}
${promptSection(explanation)}
${timingSection(explanation)}
${costSection(explanation)}
${bodiesSection(bodies)}
<footer class="soft"><p>Written by Cutaway. The call is embedded in this file: paste the file into the workbench to open it there.</p></footer>
`;
  return `${head.markup}${caseBlock(toCaseFile(call, bodies))}\n</body></html>\n`;
}

function summary({ call }: Explanation): Markup {
  const facts: [string, string | undefined][] = [
    ["Call", call.id],
    ["Sent", call.instants.issued === undefined ? undefined : instant(call.instants.issued)],
    ["Provider", call.model.provider],
    ["Served by", call.model.served],
    ["Format", call.format],
    ["HTTP status", call.response?.status?.toString()],
    ["Recording", call.ending === "complete" ? undefined : endings[call.ending]],
    ["Error", call.error && `${call.error.kind}: ${call.error.message}`],
    ["Request id", call.response?.requestId],
    ["Tags", call.tags?.join(", ")],
    ...call.notices.map(({ says }): [string, string] => ["Notice", says]),
  ];
  return html`<table><tbody>${facts.map(([name, value]) => value !== undefined && html`<tr><th>${name}</th><td>${visible(value)}</td></tr>`)}</tbody></table>`;
}

const endings: Record<Exclude<Explanation["call"]["ending"], "complete">, string> = {
  cut: "the stream stopped without its end",
  cancelled: "the caller closed the stream",
  open: "the answer was not seen to its end",
  none: "only a request, no answer",
};
