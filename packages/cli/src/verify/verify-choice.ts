import { CutawayError, type Finding } from "@cutaway/core";

/** How `--verify` was asked for. */
export interface VerifyChoice {
  limits: { calls?: number; cost?: number };
  baseUrl?: string;
}

interface Given {
  verify?: boolean;
  store: boolean;
  maxCalls?: number;
  maxCost?: number;
  baseUrl?: string;
}

/**
 * Undefined without `--verify`.
 * @throws `bad-option` for options that have no effect without it, or that it cannot do with
 */
export function verifyChoice({ verify, store, maxCalls, maxCost, baseUrl }: Given): VerifyChoice | undefined {
  const idle = Object.entries({ "--max-calls": maxCalls, "--max-cost": maxCost, "--base-url": baseUrl }).find(([, value]) => value !== undefined);
  if (!verify) {
    if (idle) throw new CutawayError("bad-option", `${idle[0]} has no effect without --verify`, { fix: "Add --verify, or leave it out." });
    return undefined;
  }
  if (!store) throw new CutawayError("bad-option", "--verify keeps its runs, and --no-store keeps nothing", { fix: "Leave one of them out." });
  return {
    limits: { ...(maxCalls !== undefined && { calls: maxCalls }), ...(maxCost !== undefined && { cost: maxCost }) },
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

/** There was something to try, and nothing came to a verdict. */
export const couldNotVerify = (findings: readonly Finding[]): boolean => {
  const tried = findings.flatMap(({ verification }) => verification ?? []);
  return tried.length > 0 && tried.every(({ verdict }) => verdict === "not testable");
};
