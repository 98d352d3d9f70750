import { type Call, type CallEvent, type CallId, CutawayError, newCallId, type Request, startFold } from "@cutaway/core";
import type { Labels } from "../recording/labels.ts";
import type { StoreRecorder } from "../recording/store-recorder.ts";
import type { ServableModel } from "./servable-model.ts";

/** The calls of served answers: made, and recorded as any other call of a local model. */
export interface ServedCalls {
  /** Ends with `closed`; a reader that leaves ends the call. @throws what is wrong with the request, before the first event */
  make(request: Request, signal: AbortSignal, id?: CallId): AsyncGenerator<CallEvent, void, undefined>;
}

/** recorder  absent: nothing is recorded */
export function servedCalls(
  model: Pick<ServableModel, "call">,
  { recorder, onFinished }: { recorder?: StoreRecorder; onFinished?(call: Call): void },
  { tags, trace }: Labels = {},
): ServedCalls {
  return {
    async *make(request, signal, id = newCallId()) {
      const folder = startFold({ id, origin: { kind: "local", from: "serve" }, ...(tags && { tags }) });
      const own = new AbortController();
      const events = model.call(recorder ? request : withoutAlternatives(request), AbortSignal.any([signal, own.signal]))[Symbol.asyncIterator]();
      let isBegun = false;
      const note = (event: CallEvent) => {
        folder.push(event.type === "call-start" && trace ? { ...event, trace } : event);
        // What was refused or given up before its first token is no call that anybody would look for.
        if ((event.type !== "token-step" && event.type !== "call-error") || isBegun) return;
        isBegun = true;
        if (recorder) recording(recorder, () => recorder.begin(folder.call(), {}));
      };
      try {
        for (let next = await events.next(); !next.done; next = await events.next()) {
          note(next.value);
          yield next.value;
        }
      } finally {
        // The reader may have left: what the model still says of its end belongs to the call.
        own.abort(new CutawayError("interrupted", "nobody reads the answer any more", { kind: "interrupted" }));
        for (let rest = await events.next(); !rest.done; rest = await events.next()) note(rest.value);
        if (isBegun) {
          const call = folder.call();
          onFinished?.(call);
          if (recorder)
            recording(recorder, () => {
              recorder.put(call, {});
              recorder.finished(call);
            });
        }
      }
    },
  };
}

/** Alternatives that nobody asked for are for the record only. */
function withoutAlternatives(request: Request): Request {
  const { parameters } = request;
  return parameters.topLogprobs === undefined ? { ...request, parameters: { ...parameters, topLogprobs: 0 } } : request;
}

/** A store that fails costs the record, never the answer. */
function recording(recorder: StoreRecorder, write: () => void): void {
  try {
    write();
  } catch (error) {
    recorder.lost(error);
  }
}
