import type { Tokenizer } from "@cutaway/core";
import type { CandidateMatch, IdFault, MismatchReport } from "@cutaway/tokenizer/explain";
import { blank, type Line, line, piece, strong } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { elide } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { tokenText } from "./tokens.ts";

/** The verdict in a sentence, what is wrong with the ids, and how far each candidate agrees. text  absent where only ids were given */
export function renderMismatch(
  report: MismatchReport,
  ids: readonly number[],
  text: string | undefined,
  tokenizers: readonly Tokenizer[],
  width: number,
): Line[] {
  const { made, candidates } = report;
  const best = candidates[0];
  const named = new Map(tokenizers.map((tokenizer) => [tokenizer.name, tokenizer]));
  const faults = best && made.length > 0 ? best.faults : [];
  return [
    ...wrap(verdictLine(report, ids.length, text !== undefined), width, 2),
    ...faults.flatMap((fault) => wrap(line(piece("▲ ", "warning"), faultWords(fault, named.get(best?.tokenizer ?? ""))), width, 2)),
    blank,
    ...table(
      [
        { header: "tokenizer" },
        { header: "ids that agree", align: "right" },
        { header: "first other id", least: 14 },
        { header: "match", least: 16 },
        { header: "reads", least: 16 },
      ],
      candidates.map((candidate) => [
        candidate.tokenizer,
        `${count(candidate.agreeing)} of ${count(candidate.of)}`,
        firstDifference(candidate, ids, named.get(candidate.tokenizer)),
        matchWords(candidate),
        text === undefined ? readBy(named.get(candidate.tokenizer), ids) : "",
      ]),
      width,
    ),
  ];
}

function verdictLine({ verdict, made, candidates }: MismatchReport, ids: number, hasText: boolean): Line {
  const what = `${ids === 1 ? "This id" : `These ${count(ids)} ids`}`;
  if (verdict === "none")
    return line(piece("✗ ", "problem"), strong(`${what} ${ids === 1 ? "is" : "are"} no candidate's${hasText ? " for this text" : ""}.`));
  const names = made.length === 1 ? made[0] : `${made.slice(0, -1).join(", ")} or ${made.at(-1)}`;
  if (verdict === "several")
    return line(
      strong(`${what} may be ${names}:`),
      hasText ? " they cut this text alike." : " each would make them of the text that it reads in them.",
    );
  const hedge = candidates[0]?.match === "exact" ? "" : ", but for one thing";
  return line(piece("✓ ", "good"), strong(`${what} ${ids === 1 ? "is" : "are"} ${names}'s${hedge}.`));
}

function faultWords(fault: IdFault, tokenizer: Tokenizer | undefined): string {
  const name = (id: number) => `“${tokenText(tokenizer?.bytesOf(id) ?? new Uint8Array())}”, ${id}`;
  switch (fault.kind) {
    case "doubled-bos":
      return `They begin with BOS (${name(fault.id)}) ${fault.count} times: template and tokenizer each put one.`;
    case "missing-bos":
      return `They lack the BOS that the tokenizer puts before a text (${name(fault.id)}).`;
    case "unknown-ids":
      return `${counted(fault.positions.length, "id")} ${fault.positions.length === 1 ? "is" : "are"} not in the vocabulary.`;
    case "offset":
      return `Every id is ${count(Math.abs(fault.by))} too ${fault.by > 0 ? "high" : "low"}: a vocabulary whose ids were moved.`;
    case "cut-character":
      return `They end inside a character, ${counted(fault.lacking, "byte")} before its end: the list was cut.`;
    case "cut-text":
      return `They say the first ${counted(fault.at, "character")} of the text only.`;
    case "more-text":
      return `They go on after the text with “${elide(fault.text, 40)}”.`;
    case "mojibake":
      return fault.in === "ids"
        ? `They are of the text after its UTF-8 was read as ${fault.readAs}.`
        : `The text is UTF-8 read as ${fault.readAs}; the ids are of what was meant.`;
    case "other-cut":
      return `They say the text, cut otherwise from id ${count(fault.at)} on than the tokenizer cuts it: written token by token by a model, or joined from parts.`;
  }
}

function matchWords({ match, faults }: CandidateMatch): string {
  if (match === "no") {
    const unknown = faults.find((fault) => fault.kind === "unknown-ids");
    return unknown ? counted(unknown.positions.length, "unknown id") : "other text";
  }
  return [...(match === "exact" ? ["exact"] : []), ...faults.map(({ kind }) => kind)].join(", ");
}

/** What the ids say in this vocabulary; nothing where one of them is not in it. */
const readBy = (tokenizer: Tokenizer | undefined, ids: readonly number[]): string =>
  tokenizer && ids.every((id) => tokenizer.bytesOf(id) !== undefined) ? tokenizer.decode(ids.slice(0, 60)) : "";

function firstDifference({ firstDifference: at }: CandidateMatch, ids: readonly number[], tokenizer: Tokenizer | undefined): string {
  const id = at === undefined ? undefined : ids[at];
  if (at === undefined || id === undefined) return "";
  const bytes = tokenizer?.bytesOf(id);
  return `#${count(at)} ${id}${bytes ? ` ${elide(tokenText(bytes), 16)}` : ""}`;
}
