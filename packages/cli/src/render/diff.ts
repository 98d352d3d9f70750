import type { Call, JsonValue } from "@cutaway/core";
import type { CallDiff } from "@cutaway/metrics";
import { blank, dim, type Line, line, piece, strong, title } from "../terminal/line.ts";
import { count, probability } from "../terminal/numbers.ts";
import { elide, fitEnd } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { modelName } from "./call-names.ts";

const mostFields = 20;

/** How two calls differ: first where the answers part, for that is what one looks for; then what was asked otherwise. */
export function renderDiff(diff: CallDiff, a: Call, b: Call, names: [string, string], width: number): Line[] {
  const answered = b.answers.length > 0;
  const request = diff.request.filter((field) => !isAbsentModel(field));
  const outcome = diff.outcome.filter((field) => field.path !== "served" || (field.before !== undefined && field.after !== undefined));
  const blocks: Line[][] = [
    noAnswer(b, width),
    [line(piece("- ", "removed"), names[0], dim(`  ${modelName(a)}`)), line(piece("+ ", "added"), names[1], dim(`  ${modelName(b)}`))],
    diff.equal ? [line(strong("Nothing differs"), " in request, answer, outcome and usage.")] : [],
    ...(answered ? diff.answers.map(({ answer, first }) => answerPart(answer, first, a, width)) : []),
    !diff.equal && diff.answers.length === 0 && answered && a.answers.length > 0 ? [line("The answers are the same.")] : [],
    fieldBlock("request", request, width),
    request.length === 0 && !diff.equal ? [line(dim("The requests are the same."))] : [],
    fieldBlock("outcome", outcome, width),
    fieldBlock("usage", diff.usage, width),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : [blank, ...block]));
}

/** The error of a call that failed before it answered; nothing else in the comparison is news then. */
function noAnswer({ answers, error }: Call, width: number): Line[] {
  if (answers.length > 0 || !error) return [];
  const status = error.status === undefined ? "" : `HTTP ${error.status}, `;
  return wrap(line(piece("✗ ", "problem"), strong(`no answer came: ${status}${error.kind}`), `  ${error.message}`), width, 2);
}

/** Servers that take the model from the URL leave it out of the body: that it is not named says nothing of which one was asked. */
const isAbsentModel = ({ path, before, after }: CallDiff["request"][number]): boolean =>
  path === "model" && [before, after].some((name) => name === undefined || name === "");

type FirstPart = CallDiff["answers"][number]["first"];

function answerPart(answer: number, first: FirstPart, a: Call, width: number): Line[] {
  const which = a.answers.length > 1 ? `answer ${answer}` : "answer";
  if (first.kind === "token") {
    const at = first.before?.span.start ?? first.after?.span.start ?? 0;
    const common = (a.answers[answer]?.text ?? "").slice(0, at);
    return [
      line(title(which), ` parts at token ${count(first.index)}`),
      ...commonLine(common, width),
      tokenLine("- ", "removed", first.before, width),
      tokenLine("+ ", "added", first.after, width),
    ];
  }
  if (first.kind === "character") {
    const common = (a.answers[answer]?.[first.field] ?? "").slice(0, first.at);
    const field = first.field === "text" ? "" : ` (${first.field})`;
    return [
      line(title(which), `${field} parts at character ${count(first.at)}`, dim(`, line ${count(first.line)} column ${count(first.column)}`)),
      ...commonLine(common, width),
      ...sides(first.before, first.after, width),
    ];
  }
  return [line(title(which), ` parts at ${first.path}`), ...sides(jsonText(first.before), jsonText(first.after), width)];
}

const commonLine = (common: string, width: number): Line[] =>
  common === "" ? [] : [line(dim(`  ${common.length > width ? "…" : ""}${fitEnd(common, width - 6)}`))];

const sides = (before: string, after: string, width: number): Line[] => [
  line(piece("- ", "removed"), piece(before === "" ? "(nothing)" : elide(before, width - 4), "removed")),
  line(piece("+ ", "added"), piece(after === "" ? "(nothing)" : elide(after, width - 4), "added")),
];

function tokenLine(
  sign: string,
  style: "added" | "removed",
  token: { text: string; logprob?: number; top?: { text: string; logprob: number }[] } | undefined,
  width: number,
): Line {
  if (!token) return line(piece(sign, style), dim("(ended here)"));
  const own = `${JSON.stringify(token.text)}${token.logprob === undefined ? "" : ` ${probability(token.logprob)}`}`;
  const others = (token.top ?? []).filter((other) => other.text !== token.text).slice(0, 4);
  const rest = others.map((other) => `${JSON.stringify(other.text)} ${probability(other.logprob)}`).join(", ");
  return line(piece(`${sign}${own}`, style), dim(rest === "" ? "" : elide(`   others: ${rest}`, width - own.length - 4)));
}

function fieldBlock(name: string, fields: CallDiff["request"], width: number): Line[] {
  if (fields.length === 0) return [];
  const lines = fields.slice(0, mostFields).flatMap((field) => {
    if (field.path === "") return [line("  ", field.before === undefined ? "only the second call has one" : "only the first call has one")];
    const [before, after] = around(field.before, field.after, field.at, Math.max(24, width - 4));
    const short = before.length + after.length + field.path.length + 8 <= width;
    if (short) return [line("  ", field.path, "  ", piece(before, "removed"), dim(" → "), piece(after, "added"))];
    return [line("  ", field.path), line("  ", piece(`- ${before}`, "removed")), line("  ", piece(`+ ${after}`, "added"))];
  });
  if (fields.length > mostFields) lines.push(line(dim(`  and ${count(fields.length - mostFields)} more fields; --json has them all`)));
  return [line(title(name)), ...lines.flatMap((item) => wrap(item, width, 4))];
}

/** Two values cut to the place where they part. */
function around(before: JsonValue | undefined, after: JsonValue | undefined, at: number | undefined, columns: number): [string, string] {
  const start = at === undefined ? 0 : Math.max(0, at - Math.floor(columns / 3));
  const cut = (value: JsonValue | undefined) => {
    if (value === undefined) return "(absent)";
    const text = typeof value === "string" ? JSON.stringify(value.slice(start, start + columns)) : jsonText(value);
    return elide(start > 0 ? `…${text}` : text, columns);
  };
  return [cut(before), cut(after)];
}

const jsonText = (value: JsonValue | undefined): string => (value === undefined ? "" : JSON.stringify(value));
