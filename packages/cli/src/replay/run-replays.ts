import { type Call, CutawayError } from "@cutaway/core";
import { costOf } from "@cutaway/plan";
import type { Bodies } from "@cutaway/store";

export interface ReplayPlan {
  /** Makes the call once. */
  send(signal: AbortSignal): Promise<Replayed>;
  repeat: number;
  maxCost: number | undefined;
  maxCalls: number | undefined;
  /** What one call costs at most, US dollars; needed where `maxCost` is given. */
  atMost: number | undefined;
}

export interface Replayed {
  call: Call;
  bodies: Bodies;
}

/**
 * Makes the calls one after the other and hands out each as it ends, whole or cut. Stops at the budget by a `budget` error before
 * the call that would pass it, and after an abort with the cancelled call handed out.
 */
export async function* runReplays(plan: ReplayPlan, signal: AbortSignal): AsyncGenerator<Replayed> {
  let spent = 0;
  for (let made = 0; made < plan.repeat && !signal.aborted; made++) {
    if (plan.maxCalls !== undefined && made >= plan.maxCalls) throw budget(`${made} of ${plan.repeat} calls made, as --max-calls allows`);
    if (plan.maxCost !== undefined && spent + (plan.atMost ?? 0) > plan.maxCost) {
      throw budget(
        `the next call may cost $${plan.atMost?.toFixed(6)} and would pass --max-cost: ${made} of ${plan.repeat} calls made for $${spent.toFixed(6)}`,
      );
    }
    const replayed = await plan.send(signal);
    const priced = costOf(replayed.call);
    // What a call cost that reported no usage is not known: it counts as the most it can have cost.
    spent += "cost" in priced ? priced.cost.total : (plan.atMost ?? 0);
    yield replayed;
  }
}

const budget = (message: string) => new CutawayError("budget", message, { kind: "budget", fix: "What was done is kept; raise the limit to go on." });
