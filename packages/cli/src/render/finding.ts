import type { Call, Evidence, Explanation, Finding, Severity, Verification } from "@cutaway/core";
import { command, dim, type Line, line, type Style, strong } from "../terminal/line.ts";
import { counted, milliseconds } from "../terminal/numbers.ts";
import { elide } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { typed } from "../typed-command.ts";
import { excerpt } from "./excerpt.ts";
import { indented, margin, section } from "./section.ts";
import { setArguments } from "./set-arguments.ts";
import { markedText, valueAt } from "./text-at.ts";

const severitySign: Record<Severity, string> = { problem: "✗", warning: "▲", note: "•" };
const severityStyle: Record<Severity, Style> = { problem: "problem", warning: "warning", note: "note" };
const severityOrder: Record<Severity, number> = { problem: 0, warning: 1, note: 2 };
const certaintyOrder: Record<Finding["certainty"], number> = { certain: 0, likely: 1, possible: 2 };

/** The gravest and surest first; the rules' own order where these agree. */
export const ranked = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => severityOrder[a.severity] - severityOrder[b.severity] || certaintyOrder[a.certainty] - certaintyOrder[b.certainty]);

export const severityPiece = (severity: Severity, text = severitySign[severity]) => ({ text, style: severityStyle[severity] });

/**
 * A finding in full: the cause in one sentence, the place where it shows, and what to change.
 * reference   how a command can name the call; without it, or without a recorded request, no command is offered.
 */
export function renderFinding(finding: Finding, { call }: Explanation, width: number, reference: string | undefined): Line[] {
  const head = wrap(line(severityPiece(finding.severity), " ", strong(finding.says)), width, 2);
  const tag = dim(`${finding.rule} · ${finding.certainty}`);
  return [
    ...head,
    line("  ", tag),
    ...section("  shows", evidenceLines(finding.evidence, call, width - margin)),
    ...section("  change", changeLines(finding, width - margin, call.request && reference)),
  ];
}

/** A finding in one line, for those after the first few. */
export const renderFindingBriefly = (finding: Finding, width: number): Line[] =>
  wrap(line(severityPiece(finding.severity), " ", finding.says, " ", dim(`${finding.rule} · ${finding.certainty}`)), width, 2);

const mostEvidence = 4;

function evidenceLines(evidence: readonly Evidence[], call: Call, width: number): Line[] {
  const lines = evidence.slice(0, mostEvidence).flatMap((item) => evidenceLine(item, call, width));
  const left = evidence.length - mostEvidence;
  if (left > 0) lines.push(line(dim(`and ${counted(left, "more place")}`)));
  return lines;
}

/** What the evidence says and where it lies; below it the text, where it is a place in a text. */
function evidenceLine(evidence: Evidence, call: Call, width: number): Line[] {
  const where = dim(`  ${placeOf(evidence, call, Math.floor(width / 2))}`);
  const marked = markedText(call, evidence);
  const shown = marked ? indented(excerpt(marked.text, marked.start, marked.end, width - 2), 2) : [];
  return [...wrap(line(evidence.says, where), width, 2), ...shown];
}

/** `usage.outputTokens = 64`, `answers[0].text`, `chunks 3–7, 1.2 s to 4.8 s`. */
function placeOf(evidence: Evidence, call: Call, width: number): string {
  if (evidence.kind === "timing") {
    if (typeof evidence.at === "string") {
      const instant = valueAt(call.instants, evidence.at);
      return typeof instant === "number" ? `${evidence.at} = ${milliseconds(instant)}` : evidence.at;
    }
    const { start, end } = evidence.at;
    const [from, to] = [call.instants.chunks?.[start]?.[0], call.instants.chunks?.[end - 1]?.[0]];
    const chunks = end - start > 1 ? `chunks ${start}–${end - 1}` : `chunk ${start}`;
    return from === undefined || to === undefined ? chunks : `${chunks}, ${milliseconds(from)} to ${milliseconds(to)}`;
  }
  if (typeof evidence.at !== "string") return evidence.path ?? "";
  const value = valueAt(call, evidence.at);
  if (value === undefined || (typeof value === "object" && value !== null)) return evidence.at;
  return value === evidence.says ? evidence.at : `${evidence.at} = ${elide(JSON.stringify(value), width)}`;
}

function changeLines(finding: Finding, width: number, reference: string | undefined): Line[] {
  const { change } = finding;
  if (!change) return [];
  const lines = wrap(line(change.says), width, 2);
  if ((change.set || change.setLocal) && reference !== undefined) {
    lines.push(commandLine(typed(`cutaway replay ${reference} ${setArguments(change.set, change.setLocal)}`)));
  }
  if (finding.verification) lines.push(...verificationLines(finding.verification, width));
  return lines;
}

export const verdictStyle: Record<Verification["verdict"], Style> = {
  confirmed: "good",
  "not confirmed": "problem",
  "not reproduced": "warning",
  "not testable": "note",
};

/** The verdict with its counts, and how much they can bear. */
function verificationLines({ verdict, why, counts, unchanged, changed, difference, experiment }: Verification, width: number): Line[] {
  const ran = unchanged[1] + changed[1] > 0;
  const bears = [
    difference &&
      `difference ${percent(difference.estimate)}, ${percent(difference.level)} interval ${percent(difference.low)} to ${percent(difference.high)}`,
    experiment,
  ].filter((part) => part !== undefined);
  return [
    ...wrap(line({ text: verdict, style: verdictStyle[verdict] }, `: ${why}`), width, 2),
    ...(ran ? wrap(line(`  unchanged ${unchanged.join(" of ")} → changed ${changed.join(" of ")}`, dim(counts ? `  ${counts}` : "")), width, 4) : []),
    ...(ran && bears.length > 0 ? wrap(line(dim(`  ${bears.join("; ")}`)), width, 2) : []),
  ];
}

const percent = (rate: number) => `${Number((rate * 100).toFixed(1))} %`;

/** A command to copy: never wrapped by us, so that it pastes as one line. */
export const commandLine = (text: string): Line => line(dim("$ "), command(text));
