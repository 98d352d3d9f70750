import {
  type Alternative,
  type Call,
  type ConstraintKind,
  decodeUtf8,
  type HeldAnswer,
  type LanguagePlace,
  type MaskReason,
  type TokenStep,
} from "@cutaway/core";
import { type Distortion, grammarStage, type MaskedStep } from "@cutaway/metrics";
import { blank, dim, good, type Line, line, type Piece, piece } from "../terminal/line.ts";
import { count, counted, probability } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { chance } from "./inside/chance.ts";
import { joined, section } from "./section.ts";
import { tokenText } from "./tokens.ts";

export const languageNames: Record<ConstraintKind, string> = {
  "json-schema": "a JSON schema",
  json: "any JSON object",
  regex: "a regular expression",
  gbnf: "a GBNF grammar",
  lark: "a Lark grammar",
  choice: "one of several texts",
};

/** `held to a JSON schema · whole · mass kept 0.3 %`: one line under an answer. */
export function heldWords({ local, answers }: Call): string[] {
  if (!local?.constraint) return [];
  const held = answers.flatMap((answer) => answer.held ?? []);
  const whole = held.filter(({ complete }) => complete).length;
  const [first] = held;
  const ended = held.length === 1 ? (whole === 1 ? "whole" : "cut before its end") : `${whole} of ${answers.length} whole`;
  return [
    `held to ${languageNames[local.constraint.kind]}`,
    ended,
    ...(held.length === 1 && first?.logMass !== undefined ? [`mass kept ${product(first.logMass)}`] : []),
  ];
}

const strip = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** What the mask did to an answer: how much it kept at each token, what it cost, where it cost most, and what the model wanted there. */
export function renderHeld(held: HeldAnswer | undefined, distortion: Distortion, steps: readonly TokenStep[], width: number): Line[] {
  const { logMass, belowHalf, belowTenth, overruled, forced, chosen, unasked, entropyBefore, entropyAfter } = distortion;
  const rows = Math.max(20, width - 12);
  const cells = distortion.steps.map(cellOf);
  const drawn: Line[] = [];
  for (let from = 0; from < cells.length; from += rows) drawn.push(cells.slice(from, from + rows));
  return [
    ...section("mass", [
      ...drawn,
      joined([
        logMass === undefined ? "all together unknown" : `all together ${product(logMass)} (${(-logMass || 0).toFixed(2)} nats lost)`,
        `below a half ${count(belowHalf)}`,
        `below a tenth ${count(belowTenth)}`,
      ]),
    ]),
    ...section("tokens", [
      joined([
        `${count(chosen)} chosen`,
        `${count(forced)} forced`,
        unasked > 0 ? `${count(unasked)} written without asking` : undefined,
        `the likeliest was masked ${counted(overruled, "time")}`,
      ]),
      ...(entropyBefore === undefined || entropyAfter === undefined
        ? []
        : [line(dim(`entropy ${entropyBefore.toFixed(2)} → ${entropyAfter.toFixed(2)} nats, the mean before and after the mask`))]),
    ]),
    ...section("answer", outcome(held)),
    ...leastKept(distortion, steps, width),
  ];
}

function cellOf({ kept, forced }: MaskedStep): Piece {
  if (kept === undefined) return dim("·");
  const bar = strip[Math.min(7, Math.floor(kept * 8))] ?? "█";
  return kept < 0.1 ? piece(bar, "problem") : kept < 0.5 ? piece(bar, "warning") : forced ? dim(bar) : piece(bar);
}

function outcome(held: HeldAnswer | undefined): Line[] {
  if (!held) return [line("it did not come to an end of its own")];
  const { complete, canonical, broken } = held;
  return [
    joined([
      complete ? good("whole") : piece("cut before its end", "problem"),
      canonical === undefined ? undefined : canonical ? "canonical tokens" : piece("not the tokens that the tokenizer gives for its text", "warning"),
      broken && (broken.length === 0 ? good("valid") : piece(`invalid: ${counted(broken.length, "place")}`, "problem")),
    ]),
    ...(broken ?? []).map(({ at = "", says, ...place }) => line(`${at} ${says} `, dim(placeName(place) ?? ""))),
  ];
}

const mostLeast = 8;

function leastKept({ steps: masked }: Distortion, steps: readonly TokenStep[], width: number): Line[] {
  const least = masked
    .filter((step) => step.kept !== undefined && step.kept < 0.5)
    .toSorted((a, b) => (a.kept ?? 0) - (b.kept ?? 0))
    .slice(0, mostLeast);
  if (least.length === 0) return [];
  const rows = least.map(({ index, kept = 0, masked: [wanted] }) => [
    dim(String(index)),
    chance(Math.log(kept)),
    tokenText(steps[index]?.bytes ?? new Uint8Array()) || "(end)",
    wanted ? tokenText(wanted.bytes) || "(end)" : "",
    wanted ? chance(wanted.logprob) : "",
    wanted?.because?.expected ?? "",
    placeNames(wanted?.because),
  ]);
  return [
    blank,
    ...table(
      [
        { header: "#", align: "right" },
        { header: "kept", align: "right" },
        { header: "written", least: 8 },
        { header: "wanted", least: 8 },
        { header: "model", align: "right" },
        { header: "could stand there", least: 12 },
        { header: "by", least: 8, optional: 1 },
      ],
      rows,
      width,
    ),
  ];
}

/** One step: what was allowed, and every masked alternative with its reason. */
export function renderMaskedStep(step: TokenStep, index: number, width: number): Line[] {
  const stage = step.stages?.find((report) => report.stage === grammarStage);
  const masked = (step.top ?? []).filter(({ removedBy }) => removedBy === grammarStage).toSorted((a, b) => b.logprob - a.logprob);
  return [
    joined([
      `token ${index} ${JSON.stringify(decodeUtf8(step.bytes))}`,
      stage
        ? `${counted(stage.kept, "token")} allowed, ${probability(Math.log(1 - stage.removedMass))} of the probability`
        : "written without asking the model",
      step.forced === "grammar" ? "forced" : "chosen",
    ]),
    ...(masked.length === 0
      ? [line(dim("none of the recorded alternatives was masked"))]
      : table(
          [
            { header: "masked", least: 8 },
            { header: "model", align: "right" },
            { header: "byte", align: "right" },
            { header: "could stand there", least: 12 },
            { header: "nearest", least: 6, optional: 2 },
            { header: "by", least: 8, optional: 1 },
          ],
          masked.map((alternative) => [
            tokenText(alternative.bytes) || "(end)",
            chance(alternative.logprob),
            dim(deadByte(alternative)),
            alternative.because?.expected ?? "",
            dim(alternative.because?.nearest === undefined ? "" : JSON.stringify(alternative.because.nearest)),
            placeNames(alternative.because),
          ]),
          width,
        )),
  ];
}

const deadByte = ({ because, bytes }: Alternative): string => (because && because.at < bytes.length ? String(because.at) : "");

/** The places that ask for something, the innermost last, each once. */
export const placeNames = (because: Pick<MaskReason, "places"> | undefined): string => placesText(because?.places ?? []);

export function placesText(places: readonly LanguagePlace[]): string {
  const names = [...new Set(places.flatMap((place) => placeName(place) ?? []))];
  return names.slice(-2).join(", ");
}

/** `/properties/age minimum`, `rule number, line 3`. */
export function placeName({ pointer, keyword, rule, line: row }: LanguagePlace): string | undefined {
  if (pointer !== undefined) return `${pointer || "/"}${keyword === undefined ? "" : ` ${keyword}`}`;
  if (rule !== undefined) return `rule ${rule}${row === undefined ? "" : `, line ${row}`}`;
  return row === undefined ? undefined : `line ${row}`;
}

/** A product of probabilities: as a percentage, or as a power of ten where it is smaller than that can say. */
export function product(logMass: number): string {
  return logMass > Math.log(1e-6) ? probability(logMass) : `10^${(logMass / Math.LN10).toFixed(1)}`;
}

export const wrapped = (text: string, width: number): Line[] => wrap(line(text), width, 2);
