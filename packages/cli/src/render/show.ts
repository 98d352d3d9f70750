import type { Call, Explanation, Message, Part } from "@cutaway/core";
import { blank, dim, type Line, line, type Piece, piece, strong, title } from "../terminal/line.ts";
import { bytes, count, counted } from "../terminal/numbers.ts";
import { wrap } from "../terminal/wrap.ts";
import { endingWord, finishWord, issuedAt, modelName } from "./call-names.ts";
import { renderCost } from "./cost.ts";
import { ranked, renderFindingBriefly } from "./finding.ts";
import { indented, joined, margin, section } from "./section.ts";
import { parameterNames } from "./set-arguments.ts";
import { partText } from "./text-at.ts";
import { renderTiming } from "./timing.ts";
import { usageWords } from "./usage.ts";

/** Characters of one message that are shown unless all are asked for. */
const mostCharacters = 4000;

export interface ShowOptions {
  width: number;
  full: boolean;
}

/** A call in full: what was asked, what came, what it used, cost and took. */
export function renderCall(explanation: Explanation, { width, full }: ShowOptions): Line[] {
  const { call, findings, durations } = explanation;
  const room = width - margin;
  const blocks: Line[][] = [
    [
      ...wrap(joined([strong(modelName(call)), ...new Set([call.model.provider, call.format]), issuedAt(call), endingWord(call)]), width, 2),
      line(dim(call.id), call.parent ? dim(`  replays ${call.parent}`) : ""),
    ],
    parameterLines(call, width),
    ...(call.request?.messages ?? []).map((message) => messageLines(message, width, full)),
    call.request && call.request.tools.length > 0
      ? section("tools", wrap(line(call.request.tools.map((tool) => tool.name).join(", ")), room, 2))
      : [],
    ...call.answers.map((_, index) => answerLines(call, index, width, full)),
    errorLines(call, width),
    section("usage", usageLines(call, room)),
    section("cost", call.ending === "none" ? [] : renderCost(explanation, room)),
    section("timing", renderTiming(call, durations, room)),
    section("limits", limitLines(call)),
    section(
      "findings",
      ranked(findings).flatMap((finding) => renderFindingBriefly(finding, room)),
    ),
    section("origin", originLines(call, room)),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : [blank, ...block]));
}

function parameterLines({ request }: Call, width: number): Line[] {
  if (!request) return [];
  const set = Object.entries(request.parameters).map(
    ([name, value]) => `${parameterNames[name as keyof typeof parameterNames] ?? name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return set.length === 0 ? [] : section("sent with", wrap(joined(set), width - margin, 2));
}

function messageLines(message: Message, width: number, full: boolean): Line[] {
  const heading = line(title(message.role), dim(`  ${message.name ? `${message.name}  ` : ""}${message.at}`));
  return [heading, ...message.parts.flatMap((part) => partLines(part, width, full))];
}

function partLines(part: Part, width: number, full: boolean): Line[] {
  const heading = partHeading(part);
  const text = partText(part);
  return [...(heading ? indented([line(dim(heading))], 2) : []), ...(text === undefined ? [] : textLines(text, width, full))];
}

function partHeading(part: Part): string | undefined {
  const cached = part.cacheBreakpoint ? " · cache breakpoint" : "";
  switch (part.type) {
    case "text":
      return part.cacheBreakpoint ? "cache breakpoint after this" : undefined;
    case "reasoning":
    case "refusal":
      return `${part.type}${cached}`;
    case "tool-call":
      return `calls ${part.name}${part.id ? ` (${part.id})` : ""}${cached}`;
    case "tool-result":
      return `result${part.id ? ` of ${part.id}` : ""}${part.isError ? ", an error" : ""}${cached}`;
    case "media":
      return (
        [part.media, part.mediaType, part.bytes === undefined ? undefined : bytes(part.bytes), part.detail, part.url]
          .filter((word) => word !== undefined)
          .join(" · ") + cached
      );
    case "other":
      return `${part.name}: ${(JSON.stringify(part.json) ?? "").slice(0, 200)}${cached}`;
  }
}

/** A text on lines of its own, indented; its own line breaks kept. */
export function textLines(text: string, width: number, full: boolean): Line[] {
  const shown = full || text.length <= mostCharacters ? text : text.slice(0, mostCharacters);
  const lines = shown.split(/\r\n|\n/).flatMap((row) => (row === "" ? [blank] : wrap(line(...withTrailingSpaces(row)), width - 2)));
  if (shown.length < text.length) lines.push(line(dim(`… ${counted(text.length - shown.length, "more character")}; --full shows them`)));
  return indented(lines, 2);
}

/** Spaces at the end of a row as dots: in a prompt they change the answer. */
function withTrailingSpaces(row: string): Piece[] {
  const kept = row.replace(/ +$/, "");
  return [piece(kept), dim("·".repeat(row.length - kept.length))];
}

function answerLines(call: Call, index: number, width: number, full: boolean): Line[] {
  const answer = call.answers[index];
  if (!answer) return [];
  const name = call.answers.length > 1 ? `answer ${index}` : "answer";
  return [
    line(title(name), dim(`  ${finishWord(answer)}`)),
    ...(answer.reasoning ? [...indented([line(dim("reasoning"))], 2), ...textLines(answer.reasoning, width, full)] : []),
    ...(answer.refusal ? [...indented([line(dim("refusal"))], 2), ...textLines(answer.refusal, width, full)] : []),
    ...(answer.text === "" ? [] : textLines(answer.text, width, full)),
    ...answer.toolCalls.flatMap((toolCall) => [
      ...indented([line(dim("calls "), toolCall.name, dim(toolCall.id ? `  ${toolCall.id}` : ""))], 2),
      ...textLines(toolCall.arguments, width, full),
    ]),
    ...answer.other.map(({ name: kind }) => line(dim(`  also ${kind}`))),
  ];
}

function errorLines({ error }: Call, width: number): Line[] {
  if (!error) return [];
  const facts = joined([
    error.kind,
    error.status === undefined ? undefined : `status ${error.status}`,
    error.type,
    error.code,
    error.param && `param ${error.param}`,
    error.retryAfterMs === undefined ? undefined : `retry after ${count(error.retryAfterMs)} ms`,
  ]);
  return section("error", [...wrap(line(piece(error.message, "problem")), width - margin, 2), ...wrap(facts, width - margin, 2)]);
}

function usageLines({ usage }: Call, width: number): Line[] {
  const words = usageWords(usage);
  return words === undefined ? [] : wrap(line(words, dim(usage.source ? `  counted by the ${usage.source}` : "")), width, 2);
}

const limitLines = ({ response }: Call): Line[] =>
  (response?.rateLimits ?? []).map(({ of, limit, remaining, resetRaw }) =>
    line(
      `${of}: ${remaining === undefined ? "?" : count(remaining)} of ${limit === undefined ? "?" : count(limit)} left`,
      dim(resetRaw ? `, full again in ${resetRaw}` : ""),
    ),
  );

function originLines(call: Call, width: number): Line[] {
  const { origin, response } = call;
  return wrap(
    joined([
      origin.from ? `${origin.kind}, ${origin.from}` : origin.kind,
      response?.requestId && `request id ${response.requestId}`,
      response?.id && `answer id ${response.id}`,
      response?.fingerprint && `fingerprint ${response.fingerprint}`,
    ]),
    width,
    2,
  );
}
