import { type Call, type CallEvent, CutawayError, newCallId, type Request, startFold } from "@cutaway/core";
import { costOf } from "@cutaway/plan";
import { environmentKeys, liveModel, redactor, wireFormatOf } from "@cutaway/provider";
import type { Bodies } from "@cutaway/store";

export interface ReplayPlan {
  original: Call;
  request: Request;
  baseUrl: string | undefined;
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
    const replayed = await replayOnce(plan, signal);
    const priced = costOf(replayed.call);
    // What a call cost that reported no usage is not known: it counts as the most it can have cost.
    spent += "cost" in priced ? priced.cost.total : (plan.atMost ?? 0);
    yield replayed;
  }
}

async function replayOnce({ original, request, baseUrl }: ReplayPlan, signal: AbortSignal): Promise<Replayed> {
  const bodies: { request: Uint8Array[]; response: Uint8Array[] } = { request: [], response: [] };
  const model = liveModel({
    format: wireFormatOf(request),
    ...(baseUrl !== undefined && { baseUrl }),
    onBytes: (side: "request" | "response", bytes: Uint8Array) => bodies[side].push(bytes),
  });
  const folder = startFold({ id: newCallId(), parent: original.id, origin: { kind: "live", ...(baseUrl !== undefined && { from: baseUrl }) } });
  for await (const event of model.call(request, signal) as AsyncIterable<CallEvent>) folder.push(event);
  const redact = redactor(environmentKeys());
  const whole = (parts: Uint8Array[]) => (parts.length === 0 ? undefined : redact.bytes(Buffer.concat(parts)));
  const [sent, received] = [whole(bodies.request), whole(bodies.response)];
  return { call: redact.call(folder.call()), bodies: { ...(sent && { request: sent }), ...(received && { response: received }) } };
}

const budget = (message: string) => new CutawayError("budget", message, { kind: "budget", fix: "What was done is kept; raise the limit to go on." });
