import type { Keywords } from "../read/keywords.ts";
import { include, type Outcome } from "./violation.ts";

export type CheckChild = (schema: unknown, part: unknown, at: string, ...path: (string | number)[]) => Outcome;
export type Fault = (keyword: string, says: string) => void;

/** allOf, anyOf, oneOf, not, if with then and else. */
export const checkLogic = (keywords: Keywords, value: unknown, at: string, outcome: Outcome, child: CheckChild, fault: Fault): void => {
  const outcomes = (keyword: string): Outcome[] | undefined => keywords.schemas(keyword)?.map((schema, i) => child(schema, value, at, keyword, i));
  for (const part of outcomes("allOf") ?? []) include(outcome, part);

  const any = outcomes("anyOf");
  if (any !== undefined) {
    const fitting = any.filter((one) => one.violations.length === 0);
    for (const one of fitting) include(outcome, one);
    if (fitting.length === 0) fault("anyOf", `it is as none of the ${any.length} alternatives; the nearest: ${nearest(any)}`);
  }
  const one = outcomes("oneOf");
  if (one !== undefined) {
    const fitting = one.filter((part) => part.violations.length === 0);
    if (fitting.length === 1) for (const part of fitting) include(outcome, part);
    else if (fitting.length === 0) fault("oneOf", `it is as none of the ${one.length} alternatives; the nearest: ${nearest(one)}`);
    else fault("oneOf", `it is as ${fitting.length} of the alternatives, and may be as one only`);
  }
  if (keywords.has("not") && child(keywords.get("not"), value, at, "not").violations.length === 0) fault("not", "it is as it may not be");
  if (keywords.has("if")) {
    const condition = child(keywords.get("if"), value, at, "if");
    const holds = condition.violations.length === 0;
    if (holds) include(outcome, condition);
    const then = holds ? "then" : "else";
    if (keywords.has(then)) include(outcome, child(keywords.get(then), value, at, then));
  }
};

/** The alternative that got furthest into the value: its first fault. */
const nearest = (outcomes: readonly Outcome[]): string => {
  const faults = outcomes.flatMap(({ violations }) => violations.slice(0, 1));
  const best = faults.reduce((a, b) => (b.at.length > a.at.length ? b : a));
  return `${best.pointer}, “${best.keyword}”: ${best.says}`;
};
