import { CutawayError } from "@cutaway/core";
import type { PlannedCall } from "./plan-experiment.ts";
import { priceAtMost } from "./price-at-most.ts";

/** What an experiment has cost, and what its calls under way can still cost; US dollars. */
export interface Spending {
  readonly total: number;
  /**
   * Sets the most that the call can cost aside. @returns undefined where that would pass the cap
   * @throws `price-unknown` where there is a cap and the most is not known
   */
  reserve(planned: PlannedCall, provider: string | undefined): Reserved | undefined;
  /** A call that was made before. */
  add(planned: PlannedCall, cost: number | undefined): void;
}

export interface Reserved {
  /** The call was made. A cost that is not known counts as the most it can have been. */
  spend(cost: number | undefined): void;
  /** The call was not made, or not kept. */
  release(): void;
}

/** cap  absent or infinite: everything may be spent, and prices need not be known */
export function startSpending(cap = Number.POSITIVE_INFINITY): Spending {
  let total = 0;
  let reserved = 0;
  const most = (planned: PlannedCall, provider: string | undefined) => (cap === Number.POSITIVE_INFINITY ? 0 : mostOf(planned, provider));
  return {
    get total() {
      return total;
    },
    reserve(planned, provider) {
      const amount = most(planned, provider);
      if (total + reserved + amount > cap) return undefined;
      reserved += amount;
      const release = () => {
        reserved -= amount;
      };
      const spend = (cost: number | undefined) => {
        release();
        total += cost ?? amount;
      };
      return { spend, release };
    },
    add(planned, cost) {
      total += cost ?? most(planned, undefined);
    },
  };
}

function mostOf(planned: PlannedCall, provider: string | undefined): number {
  const most = priceAtMost(planned, provider);
  if ("usd" in most) return most.usd;
  throw new CutawayError("price-unknown", `the cost cap cannot be kept: ${most.unknown}`, {
    fix: "Limit the number of calls instead of the cost, or set a cap on the answer's tokens in the request.",
  });
}
