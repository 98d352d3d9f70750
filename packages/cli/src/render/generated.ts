import type { Call, Explanation, Finding } from "@cutaway/core";
import { blank, dim, good, type Line, line } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { elide, widthOf } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { typed } from "../typed-command.ts";
import { endingWord, modelName } from "./call-names.ts";
import { commandLine, ranked, severityPiece } from "./finding.ts";
import { heldWords } from "./held.ts";
import { joined } from "./section.ts";

/**
 * What there is to know of an answer that was just generated: speed, end, findings in a line each, the next step.
 * stored  whether the id names a call that is there.
 */
export function renderGenerated({ call, findings }: Explanation, stored: boolean, width: number): Line[] {
  const { seed } = call.local?.sampler ?? {};
  return [
    blank,
    ...wrap(
      joined(
        [modelName(call), ...speedWords(call), endingWord(call), ...heldWords(call), seed === undefined ? undefined : `seed ${seed}`].map(dimmed),
      ),
      width,
      2,
    ),
    ...(call.error ? wrap(line(call.error.message), width, 2) : []),
    ...(findings.length === 0 && !call.error ? [line(good("✓"), " nothing wrong found")] : []),
    ...ranked(findings).map((finding) => oneLine(finding, width)),
    ...(stored ? [commandLine(typed(`cutaway explain ${call.id}`))] : []),
  ];
}

/** The rule's name first: the sentence after it is cut where the line ends, and the next command shows it whole. */
function oneLine({ severity, rule, says }: Finding, width: number): Line {
  return line(severityPiece(severity), ` ${rule}  `, dim(elide(says, width - widthOf(rule) - 4)));
}

const dimmed = (text: string | undefined) => (text === undefined ? undefined : dim(text));

/** `31 tokens in at 310/s`, `64 out at 52/s`: the prompt until the first token was chosen, the answer from there on. */
function speedWords({ answers, usage, local }: Call): string[] {
  const times = (answers[0]?.steps ?? []).flatMap(({ at }) => (at === undefined ? [] : [at]));
  const [first] = times;
  const last = times.at(-1);
  const { inputTokens, outputTokens } = usage;
  const read = inputTokens === undefined ? undefined : inputTokens - (local?.reusedTokens ?? 0);
  const words: string[] = [];
  if (inputTokens !== undefined) words.push(`${counted(inputTokens, "token")} in${read === undefined ? "" : rate(read, first)}`);
  if (outputTokens !== undefined)
    words.push(`${count(outputTokens)} out${first === undefined || last === undefined ? "" : rate(times.length - 1, last - first)}`);
  return words;
}

/** Nothing where there is no time to divide by. */
function rate(tokens: number, ms: number | undefined): string {
  if (ms === undefined || ms <= 0 || tokens <= 0) return "";
  const perSecond = (tokens / ms) * 1000;
  return ` at ${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`;
}
