import type { Call, Evidence, Explanation, Finding, Severity } from "@cutaway/core";
import { command, dim, type Line, line, type Style, strong } from "../terminal/line.ts";
import { milliseconds } from "../terminal/numbers.ts";
import { elide } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { excerpt } from "./excerpt.ts";
import { indented, margin, section } from "./section.ts";
import { setArguments } from "./set-arguments.ts";
import { markedText, valueAt } from "./text-at.ts";

export const severitySign: Record<Severity, string> = { problem: "✗", warning: "▲", note: "•" };
const severityStyle: Record<Severity, Style> = { problem: "problem", warning: "warning", note: "note" };
const severityOrder: Record<Severity, number> = { problem: 0, warning: 1, note: 2 };
const certaintyOrder: Record<Finding["certainty"], number> = { certain: 0, likely: 1, possible: 2 };

/** The gravest and surest first; the rules' own order where these agree. */
export const ranked = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => severityOrder[a.severity] - severityOrder[b.severity] || certaintyOrder[a.certainty] - certaintyOrder[b.certainty]);

export const severityPiece = (severity: Severity, text = severitySign[severity]) => ({ text, style: severityStyle[severity] });

/** A finding in full: the cause in one sentence, the place where it shows, and what to change. */
export function renderFinding(finding: Finding, { call }: Explanation, width: number, reference: string): Line[] {
  const head = wrap(line(severityPiece(finding.severity), " ", strong(finding.says)), width, 2);
  const tag = dim(`${finding.rule} · ${finding.certainty}`);
  return [
    ...head,
    line("  ", tag),
    ...section("  shows", evidenceLines(finding.evidence, call, width - margin)),
    ...section("  change", changeLines(finding, width - margin, reference)),
  ];
}

/** A finding in one line, for those after the first few. */
export const renderFindingBriefly = (finding: Finding, width: number): Line[] =>
  wrap(line(severityPiece(finding.severity), " ", finding.says, " ", dim(`${finding.rule} · ${finding.certainty}`)), width, 2);

const mostEvidence = 3;

function evidenceLines(evidence: readonly Evidence[], call: Call, width: number): Line[] {
  const lines = evidence.slice(0, mostEvidence).flatMap((item) => evidenceLine(item, call, width));
  if (evidence.length > mostEvidence) lines.push(line(dim(`and ${evidence.length - mostEvidence} more places`)));
  return lines;
}

function evidenceLine(evidence: Evidence, call: Call, width: number): Line[] {
  const marked = markedText(call, evidence);
  if (marked) {
    const where = evidence.path ?? "";
    return [...wrap(line(dim(`${where}  `), evidence.says), width, 2), ...indented(excerpt(marked.text, marked.start, marked.end, width - 2), 2)];
  }
  if (evidence.kind === "timing" && typeof evidence.at === "object") {
    const chunks = call.instants.chunks ?? [];
    const from = chunks[evidence.at.start]?.[0];
    const to = chunks[Math.max(evidence.at.start, evidence.at.end - 1)]?.[0];
    const range = from === undefined || to === undefined ? "" : `${milliseconds(from)} to ${milliseconds(to)}  `;
    return wrap(line(dim(`chunks ${evidence.at.start}–${evidence.at.end - 1}  `), range, evidence.says), width, 2);
  }
  const path = typeof evidence.at === "string" ? evidence.at : (evidence.path ?? "");
  const value = evidence.kind === "timing" ? valueAt(call.instants, path) : valueAt(call, path);
  const shown = value === undefined ? "" : evidence.kind === "timing" && typeof value === "number" ? milliseconds(value) : shortJson(value, width);
  const start = line(dim(path), shown === "" ? "" : " ", shown, "  ");
  return wrap(line(...start, evidence.says), width, 2);
}

const shortJson = (value: unknown, width: number): string => elide(JSON.stringify(value) ?? "", Math.floor(width / 2));

function changeLines(finding: Finding, width: number, reference: string): Line[] {
  const { change } = finding;
  if (!change) return [];
  const lines = wrap(line(change.says), width, 2);
  if (change.set) lines.push(commandLine(`cutaway replay ${reference} ${setArguments(change.set)}`));
  if (finding.verification) {
    const { verdict, why, unchanged, changed } = finding.verification;
    lines.push(
      ...wrap(line(strong(verdict), ` ${why} (${unchanged[0]} of ${unchanged[1]} unchanged, ${changed[0]} of ${changed[1]} changed)`), width, 2),
    );
  }
  return lines;
}

/** A command to copy: never wrapped by us, so that it pastes as one line. */
export const commandLine = (text: string): Line => line(dim("$ "), command(text));
