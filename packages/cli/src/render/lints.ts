import type { JoinLint, Lint, LintEvidence, LintedText } from "@cutaway/tokenizer/explain";
import { blank, dim, type Line, line, strong } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { wrap } from "../terminal/wrap.ts";
import { excerpt } from "./excerpt.ts";
import { severityPiece } from "./finding.ts";
import { margin, section } from "./section.ts";
import { shown, tokenRun } from "./token-run.ts";

export interface LintView {
  width: number;
  colour: boolean;
}

/** Every lint in full: what is wrong, where, the tokens as they are and as they would be, what to do. */
export function renderLints(
  lints: readonly Lint[],
  joins: readonly JoinLint[],
  texts: readonly LintedText[],
  tokenizer: string,
  view: LintView,
): Line[] {
  const blocks = [...lints.map((lint) => lintLines(lint, texts[lint.text], texts.length > 1, view)), ...joins.map((lint) => joinLines(lint, view))];
  const summary = line(dim(`${summaryOf(lints, joins)} in ${counted(texts.length, "text")} · ${tokenizer}`));
  return [...blocks.flatMap((block) => [...block, blank]), summary];
}

function lintLines(lint: Lint, text: LintedText | undefined, isOneOfSeveral: boolean, view: LintView): Line[] {
  const place = text?.at ?? (isOneOfSeveral ? `text ${lint.text}` : undefined);
  return [
    ...wrap(line(severityPiece(lint.severity), " ", strong(lint.says)), view.width, 2),
    line("  ", dim([lint.id, ...(place === undefined ? [] : [place]), `characters ${lint.span.start}–${lint.span.end}`].join(" · "))),
    ...section("  shows", excerpt(text?.text ?? "", lint.span.start, lint.span.end, view.width - margin)),
    ...section("  tokens", evidenceLines(lint.evidence, view)),
    ...section("  change", wrap(line(lint.fix), view.width - margin)),
  ];
}

const joinLines = (lint: JoinLint, view: LintView): Line[] => [
  ...wrap(line(severityPiece("note"), " ", strong(lint.says)), view.width, 2),
  line("  ", dim(`template-join · part ${lint.part} of the prompt, at its ${lint.side}`)),
  ...section("  tokens", evidenceLines(lint.evidence, view)),
  ...section("  change", wrap(line(lint.fix), view.width - margin)),
];

function evidenceLines(evidence: readonly LintEvidence[], view: LintView): Line[] {
  const labels = evidence.reduce((most, { label }) => Math.max(most, label.length), 0) + 2;
  return evidence.map(({ label, ids, tokens }) =>
    line(dim(label.padEnd(labels)), ...tokenRun(shown(tokens, ids), view.width - margin - labels, view.colour)),
  );
}

function summaryOf(lints: readonly Lint[], joins: readonly JoinLint[]): string {
  const of = (severity: Lint["severity"]) => lints.filter((lint) => lint.severity === severity).length + (severity === "note" ? joins.length : 0);
  const counts = [
    ...(of("problem") > 0 ? [counted(of("problem"), "problem")] : []),
    ...(of("warning") > 0 ? [counted(of("warning"), "warning")] : []),
    ...(of("note") > 0 ? [counted(of("note"), "note")] : []),
  ];
  return counts.length === 0 ? "nothing to say" : counts.join(", ");
}
