import type { CallId } from "@cutaway/core";
import type { Store } from "@cutaway/store";
import type { Notes } from "../explaining/explain-jobs.ts";
import type { Sink } from "./items.ts";
import { recordItems } from "./record-items.ts";
import { type RecordingCounts, storeRecorder } from "./store-recorder.ts";

/** Records exchanges and what is found out about them. */
export interface ExchangeRecorder {
  sink: Sink;
  annotate(id: CallId, notes: Notes): void;
  readonly counts: RecordingCounts;
  /** Stores what is still waiting. */
  close(): Promise<void>;
}

export interface RecorderEvents {
  warn(message: string): void;
  /** A call is recorded and will not change any more. */
  onFinished(id: CallId): void;
}

/** In the thread that calls it: for a store in memory, and inside `record-thread.ts`. */
export function recorderOver(store: Store, { warn, onFinished }: RecorderEvents): ExchangeRecorder {
  const recorder = storeRecorder(store, warn, (call) => onFinished(call.id));
  return {
    sink: recordItems(recorder),
    annotate: (id, notes) => void store.annotate(id, notes),
    counts: recorder.counts,
    close: async () => recorder.close(),
  };
}
