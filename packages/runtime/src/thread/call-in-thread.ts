import type { CallError, CallEvent, Request } from "@cutaway/core";
import { isCutawayError } from "@cutaway/core";
import { newFlow, readerOf } from "../streams/flow.ts";
import type { ThreadJobs } from "./thread-jobs.ts";

/** The events of one call, from the thread. A thread that dies in the middle is an error of the call; a consumer that leaves cancels it, a slow one slows it down. */
export async function* callInThread(jobs: ThreadJobs, request: Request, signal?: AbortSignal): AsyncGenerator<CallEvent, void, undefined> {
  const issued = performance.timeOrigin + performance.now();
  const flow = newFlow();
  const { stop, hasRead } = readerOf(flow);
  const arrived: CallEvent[][] = [];
  let isDone = false;
  let wake = () => {};
  let hasStarted = false;

  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const outcome = jobs
    .run({ do: "call", request, issued, flow }, (events) => {
      arrived.push(events);
      wake();
    })
    .then(
      () => undefined,
      (error: unknown) => error,
    )
    .finally(() => {
      isDone = true;
      wake();
    });

  try {
    for (;;) {
      const events = arrived.shift();
      if (events) {
        hasStarted = true;
        yield* events;
        hasRead();
      } else if (isDone) break;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    const error = await outcome;
    if (error === undefined) return;
    if (!hasStarted) throw error;
    const at = performance.timeOrigin + performance.now() - issued;
    yield { type: "call-error", error: callError(error), at };
    yield { type: "closed", at, by: "server" };
  } finally {
    stop();
    signal?.removeEventListener("abort", stop);
  }
}

function callError(error: unknown): CallError {
  return { kind: "server", code: isCutawayError(error) ? error.code : "internal", message: error instanceof Error ? error.message : String(error) };
}
