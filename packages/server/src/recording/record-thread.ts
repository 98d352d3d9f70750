import { parentPort, workerData } from "node:worker_threads";
import type { CallId } from "@cutaway/core";
import { openStore } from "@cutaway/store";
import type { Notes } from "../explaining/explain-jobs.ts";
import { yieldTo } from "../thread-priority.ts";
import { recorderOver } from "./exchange-recorder.ts";
import type { Item } from "./items.ts";
import type { RecordingCounts } from "./store-recorder.ts";

/** To the thread: items in order, each with the number under which its effect is to be reported; notes; the end. */
export type ToRecorder = { items: [item: Item, ack: number | undefined][] } | { annotate: CallId; notes: Notes } | "close";

/** From the thread. `counts` come with everything. */
export type FromRecorder = { counts: RecordingCounts } & ({ acks: number[] } | { finished: CallId } | { warn: string } | { ready: true });

yieldTo("proxy");

/** The recording thread: decoding, folding and SQLite wait here, so that the thread that passes bytes on never does. */
const store = openStore((workerData as { path: string }).path, { patience: 100 });
const recorder = recorderOver(store, { warn: (warn) => send({ warn }), onFinished: (finished) => send({ finished }) });

function send(message: { acks: number[] } | { finished: CallId } | { warn: string } | { ready: true }): void {
  parentPort?.postMessage({ ...message, counts: { ...recorder.counts } } satisfies FromRecorder);
}

parentPort?.on("message", async (message: ToRecorder) => {
  if (message === "close") {
    await recorder.close();
    send({ acks: [] }); // for the last counts
    store.close();
    parentPort?.close();
  } else if ("annotate" in message) {
    try {
      recorder.annotate(message.annotate, message.notes);
    } catch {
      // The store is locked or full: the findings are computed anew when the call is opened.
    }
  } else {
    for (const [item, ack] of message.items) {
      const done = recorder.sink(item, ack !== undefined);
      if (ack === undefined) continue;
      if (done) done.then(() => send({ acks: [ack] }));
      else send({ acks: [ack] });
    }
  }
});

send({ ready: true });
