import type { Call, Request } from "@cutaway/core";
import type { CallDiff } from "@cutaway/metrics";
import type { ReplayPrice } from "../replay/plan-replay.ts";
import { blank, dim, type Line, line, strong } from "../terminal/line.ts";
import { count, counted, usd } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { endingWord } from "./call-names.ts";

/** calls × tokens × price, before anything is sent. */
export function renderReplayPrice(price: ReplayPrice, request: Request, repeat: number, place: string, width: number): Line[] {
  const { inputTokens, outputTokens, mostOutputTokens, counter, asBefore, atMost, unknown } = price;
  const outputs = [
    outputTokens === undefined ? undefined : `${count(outputTokens)} out as before`,
    mostOutputTokens === undefined ? undefined : `${count(mostOutputTokens)} out at most`,
  ].filter((word) => word !== undefined);
  const tokens = [inputTokens === undefined ? undefined : `${counter ? "about " : ""}${counted(inputTokens, "token")} in`, ...outputs]
    .filter((word) => word !== undefined)
    .join(", ");
  const money = (each: number | undefined, word: string) =>
    each === undefined ? [] : [line(`${word} `, strong(usd(each * repeat)), dim(repeat > 1 ? `  ${count(repeat)} × ${usd(each)}` : ""))];
  return [
    line(strong(counted(repeat, "call")), ` to ${request.model} ${place}`),
    ...(tokens === "" ? [] : [line(`each ${tokens}`)]),
    ...(counter
      ? wrap(line(dim(`input ${counter.exact ? "counted" : "estimated"} with ${counter.name}, message framing not included`)), width, 2)
      : []),
    ...money(asBefore, "as before"),
    ...money(atMost, "at most  "),
    ...(unknown === undefined ? [] : wrap(line(`the price is unknown: ${unknown}`), width, 2)),
  ];
}

export interface RunRow {
  call: Call;
  diff: CallDiff;
  cost: number | undefined;
}

/** Several replays side by side, and how many different answers they gave. */
export function renderRuns(runs: readonly RunRow[], width: number): Line[] {
  const answered = runs.filter(({ call }) => call.answers.length > 0);
  const texts = new Set(
    answered.map(({ call }) =>
      JSON.stringify(call.answers.map(({ text, toolCalls }) => [text, toolCalls.map((toolCall) => [toolCall.name, toolCall.arguments])])),
    ),
  );
  const known = runs.filter(({ cost }) => cost !== undefined);
  const spent = known.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  return [
    ...table(
      [
        { header: "#", align: "right" },
        { header: "id" },
        { header: "ended" },
        { header: "out", align: "right" },
        { header: "cost", align: "right" },
        { header: "against the original", least: 16 },
      ],
      runs.map(({ call, diff, cost }, i) => [
        dim(count(i + 1)),
        dim(call.id.slice(0, 14)),
        endingWord(call),
        call.usage.outputTokens === undefined ? "" : count(call.usage.outputTokens),
        cost === undefined ? "" : usd(cost),
        call.answers.length === 0 ? "no answer came" : partWord(diff),
      ]),
      width,
    ),
    blank,
    line(
      strong(counted(texts.size, "different answer")),
      ` in ${counted(runs.length, "call")}`,
      answered.length === runs.length ? "" : `, ${count(runs.length - answered.length)} without an answer`,
      dim(known.length === runs.length ? ` · ${usd(spent)}` : ""),
    ),
  ];
}

function partWord({ answers }: CallDiff): string {
  const [first] = answers;
  if (!first) return "the same answer";
  if (first.first.kind === "token") return `parts at token ${count(first.first.index)}`;
  return first.first.kind === "character" ? `parts at character ${count(first.first.at)}` : `parts at ${first.first.path}`;
}
