import { type Call, isCutawayError } from "@cutaway/core";
import type { Bodies, Entry, Store } from "@cutaway/store";
import type { Recorder } from "./recorder.ts";

export interface RecordingCounts {
  /** Calls that ended and are in the store, since the server started. */
  recorded: number;
  /** Calls that passed and could not be recorded. */
  unrecorded: number;
}

export interface StoreRecorder extends Recorder {
  readonly counts: RecordingCounts;
  /** Tries what is still waiting one last time. */
  close(): void;
}

/** What can pass by itself: another process lets go, somebody frees the disk. */
const passing = new Set(["store-locked", "store-full", "store-io", "store-read-only"]);
const retryEveryMs = 500;
const waitingLimit = 64 * 1024 * 1024;

/**
 * Writes calls into the store at once. A call that the store cannot take now waits in memory, so that neither the client waits nor the call is lost
 * for a short lock; what exceeds `waitingLimit` bytes is counted as unrecorded.
 * warn  called once for each kind of trouble
 */
export function storeRecorder(store: Store, warn: (message: string) => void, onFinished: (call: Call) => void): StoreRecorder {
  const counts: RecordingCounts = { recorded: 0, unrecorded: 0 };
  const waiting = new Map<string, Entry>();
  const finishedWaiting = new Set<string>();
  const told = new Set<string>();
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const tell = (error: unknown, what: string) => {
    const code = isCutawayError(error) ? error.code : "internal";
    if (told.has(code)) return;
    told.add(code);
    const fix = isCutawayError(error) && error.fix ? ` ${error.fix}` : "";
    warn(`${what}: ${error instanceof Error ? error.message : String(error)}.${fix} Calls go on unharmed.`);
  };
  const lost = (error: unknown) => {
    counts.unrecorded++;
    tell(error, "a call is not recorded");
  };
  const drop = (entry: Entry) => {
    waiting.delete(entry.call.id);
    waitingBytes -= sizeOf(entry.bodies);
  };
  const later = (entry: Entry) => {
    const before = waiting.get(entry.call.id);
    if (before) drop(before);
    const size = sizeOf(entry.bodies);
    if (waitingBytes + size > waitingLimit) return false;
    waiting.set(entry.call.id, entry);
    waitingBytes += size;
    timer ??= setInterval(retry, retryEveryMs).unref();
    return true;
  };
  const recorded = (call: Call) => {
    counts.recorded++;
    onFinished(call);
  };
  const retry = () => {
    for (const entry of waiting.values()) {
      try {
        store.put(entry);
        drop(entry);
        if (finishedWaiting.delete(entry.call.id)) recorded(entry.call);
      } catch {
        return; // still so; the first failure was told
      }
    }
    clearInterval(timer);
    timer = undefined;
    told.clear();
  };
  const put = (entry: Entry, write: () => void) => {
    try {
      if (waiting.size === 0) write();
      else if (!later(entry)) throw new Error("too many calls wait for the store");
    } catch (error) {
      const canWait = isCutawayError(error) && passing.has(error.code);
      if (!canWait || !later(entry)) throw error;
      tell(error, "calls wait in memory to be recorded");
    }
  };

  return {
    counts,
    begin: (call, bodies) => put({ call: { ...call, ending: "open" }, bodies }, () => store.begin(call, bodies)),
    put: (call, bodies) => put({ call, bodies }, () => void store.put({ call, bodies })),
    finished: (call) => {
      if (waiting.has(call.id)) finishedWaiting.add(call.id);
      else recorded(call);
    },
    lost,
    close: () => {
      clearInterval(timer);
      retry();
      counts.unrecorded += waiting.size;
      if (waiting.size > 0)
        warn(`${waiting.size} ${waiting.size === 1 ? "call was" : "calls were"} not recorded: the store could not be written to.`);
    },
  };
}

const sizeOf = (bodies: Bodies | undefined): number => (bodies?.request?.length ?? 0) + (bodies?.response?.length ?? 0) + 1000;
