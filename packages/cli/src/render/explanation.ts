import type { Explanation } from "@cutaway/core";
import { blank, dim, good, type Line, line, type Piece, strong } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { wrap } from "../terminal/wrap.ts";
import { renderAnswers } from "./answer.ts";
import { endingWord, issuedAt, modelName } from "./call-names.ts";
import { renderCost } from "./cost.ts";
import { ranked, renderFinding, renderFindingBriefly } from "./finding.ts";
import { renderPrompt } from "./prompt.ts";
import { joined, margin, section } from "./section.ts";
import { renderTiming } from "./timing.ts";
import { renderUncertain, stripSourceWord } from "./uncertain.ts";
import { usageWords } from "./usage.ts";

const inFull = 3;

/**
 * An explanation for a person: the verdict, what shows it and what to change; then the call in figures.
 * reference   how the call is named in the commands that are offered: an id, or a file; without it none is offered.
 */
export function renderExplanation(explanation: Explanation, width: number, reference: string | undefined): Line[] {
  const { call, findings, prompt, durations } = explanation;
  const order = ranked(findings);
  const full = order.slice(0, inFull).flatMap((finding, i) => [...(i > 0 ? [blank] : []), ...renderFinding(finding, explanation, width, reference)]);
  const brief = order.slice(inFull).flatMap((finding) => renderFindingBriefly(finding, width));
  const room = width - margin;
  const blocks: Line[][] = [
    order.length === 0 ? healthy(explanation, width) : full,
    brief,
    section("call", callLines(explanation, room)),
    section("answer", renderAnswers(call, room)),
    section("prompt", prompt ? renderPrompt(prompt, call.usage.inputTokens, room) : []),
    section("doubt", renderUncertain(explanation, room)),
    section("cost", call.ending === "none" ? [] : renderCost(explanation, room)),
    section("timing", renderTiming(call, durations, room)),
    section("notices", noticeLines(explanation, room)),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : [blank, ...block]));
}

function healthy({ call }: Explanation, width: number): Line[] {
  const sign = call.ending === "none" ? dim("•") : good("✓");
  const says = call.ending === "none" ? "Only a request was recorded; nothing in it looks wrong." : "Nothing wrong found.";
  return wrap(
    line(sign, " ", strong(says), ` The answer ended with ${endingWord(call)}.`).slice(0, call.ending === "none" ? 3 : undefined),
    width,
    2,
  );
}

function callLines({ call, strips }: Explanation, width: number): Line[] {
  const provider = call.model.provider;
  const who: (string | Piece | undefined)[] = [strong(modelName(call)), ...new Set([provider, call.format]), issuedAt(call)];
  const what = [endingWord(call), usageWords(call.usage), stripSourceWord(strips[0])];
  const support = call.response?.requestId ?? call.response?.id;
  return [
    ...wrap(joined(who), width, 2),
    ...wrap(joined(what), width, 2),
    ...wrap(
      joined([dim(call.id), support ? dim(`provider's id ${support}`) : undefined, call.origin.from ? dim(call.origin.from) : undefined]),
      width,
      2,
    ),
  ];
}

const mostNotices = 5;

function noticeLines({ call }: Explanation, width: number): Line[] {
  const lines = call.notices.slice(0, mostNotices).flatMap(({ code, says }) => wrap(line(says, dim(` ${code}`)), width, 2));
  const left = call.notices.length - mostNotices;
  if (left > 0) lines.push(line(dim(`and ${counted(left, "more notice")}`)));
  const skipped = call.request?.notUnderstood ?? [];
  if (skipped.length > 0)
    lines.push(...wrap(line(dim(`kept and not interpreted: ${skipped.slice(0, 12).join(", ")}${skipped.length > 12 ? ", …" : ""}`)), width, 2));
  return lines;
}
