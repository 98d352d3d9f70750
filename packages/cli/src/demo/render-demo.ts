import { oneLine } from "../render/excerpt.ts";
import { commandLine, verdictStyle } from "../render/finding.ts";
import { blank, dim, type Line, line, strong, title } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { elide } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { typed } from "../typed-command.ts";
import type { DemoResult } from "./run-demo.ts";

const margin = 4;

/** What went wrong in each call, why, and what the experiment said of it. */
export function renderDemo(results: readonly DemoResult[], model: string, width: number): Line[] {
  const confirmed = results.filter(({ finding }) => finding?.verification.verdict === "confirmed").length;
  return [
    line(title("Six calls that go wrong"), dim(`  ${model}, on this machine; every answer and every count is a real run`)),
    ...results.flatMap((result, i) => [blank, ...renderCase(result, i + 1, width)]),
    blank,
    line(
      strong(`${confirmed} of ${results.length} causes confirmed`),
      dim(` by ${counted(runsOf(results), "run")}: the symptom counted unchanged → with one thing changed`),
    ),
  ];
}

function renderCase({ case: { complaint }, explanation: { call }, finding }: DemoResult, place: number, width: number): Line[] {
  const head = line(strong(`${place}  `.padStart(margin)), strong(complaint), dim(`  ${call.id}`));
  const answer = line(" ".repeat(margin), dim(elide(`“${oneLine(call.answers[0]?.text ?? "", width)}”`, width - margin)));
  if (!finding) return [head, answer, line(" ".repeat(margin), "nothing was found")];
  const { rule, change, verification } = finding;
  const { verdict, unchanged, changed } = verification;
  const counts = `${unchanged[0]} of ${unchanged[1]} → ${changed[0]} of ${changed[1]}`;
  const how = verification.deterministic ? ", deterministic and checked" : "";
  return [
    head,
    answer,
    line(" ".repeat(margin), rule.padEnd(26), { text: verdict, style: verdictStyle[verdict] }, `  ${counts}${how}`),
    ...wrap(line(" ".repeat(margin), dim("change: "), change?.says ?? ""), width, margin),
  ];
}

const runsOf = (results: readonly DemoResult[]) => results.reduce((sum, { finding }) => sum + (finding?.verification.calls.length ?? 0), 0);

/** What to look at next. */
export const nextSteps = (results: readonly DemoResult[]): Line[] => {
  const [first] = results;
  return first ? [commandLine(typed(`cutaway explain ${first.explanation.call.id}`)), commandLine(typed('cutaway generate "your own prompt"'))] : [];
};
