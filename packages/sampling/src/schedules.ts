import { CutawayError } from "@cutaway/core";
import { checkValue, type NumericParameter, nameOf, ranges } from "./parameters.ts";

/** What is known when a scheduled parameter's stage is about to run. */
export interface ScheduleState {
  /** Tokens of the answer so far: 0 for the first. */
  step: number;
  /** Nats, of the distribution as the stages before leave it. */
  entropy: number;
  /** Tokens left. */
  kept: number;
}

/** The value of a parameter at one step. */
export type Schedule = (state: ScheduleState) => number;

/** A schedule as it stands in a file; `parseSchedule` reads the short form of the command line. */
export type ScheduleSpec =
  | { kind: "constant"; value: number }
  /** From one value to another in so many steps, then stays. */
  | { kind: "linear" | "cosine"; from: number; to: number; steps: number }
  /** Falls or rises towards `to` (default 0), the rest halved every `halfLife` steps. */
  | { kind: "exponential"; from: number; to?: number; halfLife: number }
  /** From each step on another value, the first from step 0. */
  | { kind: "step"; values: readonly (readonly [step: number, value: number])[] }
  /** Between `low`, where the next token is certain, and `high`, where all that are left are as probable: (entropy / ln kept)^exponent. */
  | { kind: "entropy"; low: number; high: number; exponent?: number };

/** @throws `invalid-schedule` */
export function createSchedule(spec: ScheduleSpec): Schedule {
  switch (spec.kind) {
    case "constant":
      return () => spec.value;
    case "linear":
      return ({ step }) => spec.from + (spec.to - spec.from) * progressOf(step, spec.steps);
    case "cosine":
      return ({ step }) => spec.to + ((spec.from - spec.to) * (1 + Math.cos(Math.PI * progressOf(step, spec.steps)))) / 2;
    case "exponential": {
      const { from, to = 0, halfLife } = spec;
      return ({ step }) => to + (from - to) * 0.5 ** (step / halfLife);
    }
    case "step":
      return ({ step }) => spec.values.findLast(([from]) => from <= step)?.[1] ?? Number.NaN;
    case "entropy": {
      const { low, high, exponent = 1 } = spec;
      return ({ entropy, kept }) => (kept > 1 ? low + (high - low) * Math.min(1, entropy / Math.log(kept)) ** exponent : low);
    }
    default:
      throw invalidSchedule(JSON.stringify(spec));
  }
}

const progressOf = (step: number, steps: number): number => Math.min(1, step / steps);

const forms = [
  "constant:VALUE",
  "linear:FROM:TO:STEPS",
  "cosine:FROM:TO:STEPS",
  "exponential:FROM:HALF-LIFE, or exponential:FROM:TO:HALF-LIFE",
  "step:VALUE,FROM-STEP=VALUE,…",
  "entropy:LOW:HIGH, or entropy:LOW:HIGH:EXPONENT",
];

/** The short form: `linear:1.2:0.2:50`, `step:1.2,20=0.7,60=0.3`, … @throws `invalid-schedule` */
export function parseSchedule(text: string): ScheduleSpec {
  const [kind = "", ...rest] = text.split(":");
  if (kind === "step") return parseSteps(rest.join(":"), text);
  const numbers = rest.map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (numbers.some((number) => !Number.isFinite(number))) throw invalidSchedule(text);
  const [a = 0, b = 0, c = 0] = numbers;
  const counted = `${kind}:${numbers.length}`;
  if (counted === "constant:1") return { kind: "constant", value: a };
  if ((counted === "linear:3" || counted === "cosine:3") && c >= 1) return { kind: kind as "linear" | "cosine", from: a, to: b, steps: c };
  if (counted === "exponential:2" && b > 0) return { kind: "exponential", from: a, halfLife: b };
  if (counted === "exponential:3" && c > 0) return { kind: "exponential", from: a, to: b, halfLife: c };
  if (counted === "entropy:2") return { kind: "entropy", low: a, high: b };
  if (counted === "entropy:3" && c > 0) return { kind: "entropy", low: a, high: b, exponent: c };
  throw invalidSchedule(text);
}

function parseSteps(list: string, text: string): ScheduleSpec {
  const values = list.split(",").map((part, i): [number, number] => {
    const [from, value] = i === 0 && !part.includes("=") ? ["0", part] : (part.split("=") as [string, string | undefined]);
    return [from.trim() === "" ? Number.NaN : Number(from), value === undefined || value.trim() === "" ? Number.NaN : Number(value)];
  });
  const isAscending = values.every(([from], i) => Number.isSafeInteger(from) && from > (values[i - 1]?.[0] ?? -1));
  if (!isAscending || values[0]?.[0] !== 0 || values.some(([, value]) => !Number.isFinite(value))) throw invalidSchedule(text);
  return { kind: "step", values };
}

/** The parameters of a stage that may change from step to step: those that are read anew each time. */
export const schedulable = [
  "temperature",
  "topK",
  "topP",
  "minP",
  "typicalP",
  "topNSigma",
  "epsilonCutoff",
  "etaCutoff",
  "repetitionPenalty",
  "frequencyPenalty",
  "presencePenalty",
  "xtcProbability",
] as const satisfies NumericParameter[];

export type SchedulableParameter = (typeof schedulable)[number];

export const isSchedulable = (name: string): name is SchedulableParameter => (schedulable as readonly string[]).includes(name);

/** The value at a step, checked like a fixed one. @throws `invalid-parameter` */
export function valueAt(schedule: Schedule, parameter: SchedulableParameter, state: ScheduleState): number {
  const value = schedule(state);
  const whole = parameter === "topK" ? Math.round(value) : value;
  try {
    checkValue(parameter, whole);
  } catch (error) {
    throw new CutawayError(
      "invalid-parameter",
      `the schedule of ${nameOf(parameter)} gives ${value} at step ${state.step}: it must be ${ranges[parameter].says}`,
      {
        data: { parameter: nameOf(parameter), value, step: state.step },
        cause: error,
      },
    );
  }
  return whole;
}

const invalidSchedule = (text: string) =>
  new CutawayError("invalid-schedule", `"${text}" is no schedule`, { data: { schedule: text }, fix: `Write it as one of: ${forms.join("; ")}.` });
