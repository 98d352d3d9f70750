import { type CallId, CutawayError, type Request } from "@cutaway/core";
import { isSampled } from "./is-sampled.ts";
import { keyOf, seedOf } from "./planned-key.ts";

/** One spec for every experiment: cases × levels of the factors × repeats. */
export interface ExperimentSpec {
  name: string;
  cases: readonly Case[];
  factors: readonly Factor[];
  /** 1 to 10,000. */
  repeats: number;
  /**
   * What becomes of the seed of a request that is sampled. `keep` (default): sent as it is. `derive`: every planned call gets its own, made from
   * its key, in place of one that the request pins; repeats are independent then, and the experiment can be made again.
   */
  seeds?: "keep" | "derive";
  /** `arm` (default): the calls are shown with the experiment only. `case`: they are calls in their own right. */
  role?: "arm" | "case";
  /** The call that the experiment is about. */
  about?: CallId;
  /** Sets an experiment apart from another one with the same plan. */
  salt?: string;
}

export interface Case {
  /** Unique in the experiment. */
  id: string;
  request: Request;
  /** The call whose request it is. */
  parent?: CallId;
  /** Input tokens that the provider counted for this request; bounds the price. */
  inputTokens?: number;
}

export interface Factor {
  name: string;
  levels: readonly Level[];
}

export interface Level {
  name: string;
  /** Pure. Absent: the request stays as it is. */
  apply?(request: Request): Request;
}

export interface Plan {
  /** Made from the keys: the same spec is the same experiment. */
  id: string;
  name: string;
  about?: CallId;
  cases: string[];
  factors: { name: string; levels: string[] }[];
  repeats: number;
  calls: PlannedCall[];
}

export interface PlannedCall {
  /** Made from case, levels, repeat and the request that goes out. */
  key: string;
  /** In the order of the plan, from 0. */
  position: number;
  case: Case;
  /** The level of each factor. */
  factors: Record<string, string>;
  repeat: number;
  request: Request;
  role: "arm" | "case";
}

/**
 * Every call of an experiment, in the order in which they are to be made: repeat by repeat, the arms of a case side by side, in turned order from one
 * repeat to the next, so that what drifts with time meets all arms.
 * @throws `invalid-experiment`; what a level's `apply` throws
 */
export function planExperiment(spec: ExperimentSpec): Plan {
  check(spec);
  const { name, cases, factors, repeats, role = "arm", about, salt = "" } = spec;
  const combinations = factors.reduce<Level[][]>((some, factor) => some.flatMap((levels) => factor.levels.map((level) => [...levels, level])), [[]]);
  const arms = cases.map((one) =>
    combinations.map((levels) => {
      const request = levels.reduce((made, level) => level.apply?.(made) ?? made, one.request);
      const named = Object.fromEntries(factors.map((factor, i) => [factor.name, levels[i]?.name ?? ""]));
      return { case: one, factors: named, request, key: keyOf(name, salt, one.id, named, request), role };
    }),
  );
  const calls: PlannedCall[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const side of arms) {
      for (let i = 0; i < side.length; i++) {
        const arm = side[(i + repeat) % side.length] as (typeof side)[number];
        const key = keyOf(arm.key, repeat, spec.seeds ?? "keep");
        const request = spec.seeds === "derive" && isSampled(arm.request) ? withSeed(arm.request, seedOf(key)) : arm.request;
        calls.push({ ...arm, key, request, repeat, position: calls.length });
      }
    }
  }
  return {
    id: `${slug(name)}-${keyOf(calls.map(({ key }) => key)).slice(0, 12)}`,
    name,
    ...(about !== undefined && { about }),
    cases: cases.map(({ id }) => id),
    factors: factors.map((factor) => ({ name: factor.name, levels: factor.levels.map((level) => level.name) })),
    repeats,
    calls,
  };
}

const withSeed = (request: Request, seed: number): Request => ({ ...request, parameters: { ...request.parameters, seed } });

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40) || "experiment";

/** More calls than this are no experiment that one process should hold. */
const mostCalls = 1_000_000;

function check({ name, cases, factors, repeats }: ExperimentSpec): void {
  const wrong = (says: string) => new CutawayError("invalid-experiment", `experiment ${JSON.stringify(name.slice(0, 80))}: ${says}`);
  const twice = (names: readonly string[]) => names.find((one, i) => names.indexOf(one) !== i);
  if (cases.length === 0) throw wrong("there are no cases");
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > 10_000) throw wrong(`${repeats} repeats; a whole number from 1 to 10,000 is needed`);
  const double = twice(cases.map(({ id }) => id)) ?? twice(factors.map((factor) => factor.name));
  if (double !== undefined) throw wrong(`${JSON.stringify(double)} is there twice`);
  for (const factor of factors) {
    if (factor.levels.length === 0) throw wrong(`factor ${JSON.stringify(factor.name)} has no levels`);
    const level = twice(factor.levels.map((one) => one.name));
    if (level !== undefined) throw wrong(`factor ${JSON.stringify(factor.name)} has the level ${JSON.stringify(level)} twice`);
  }
  const calls = factors.reduce((product, factor) => product * factor.levels.length, cases.length * repeats);
  if (calls > mostCalls) throw wrong(`${calls} calls are planned; at most ${mostCalls} are held at once`);
}
