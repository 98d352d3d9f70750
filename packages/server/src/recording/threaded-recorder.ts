import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ExchangeRecorder, RecorderEvents } from "./exchange-recorder.ts";
import type { Item } from "./items.ts";
import type { FromRecorder, ToRecorder } from "./record-thread.ts";

/** What nobody waits for is sent together, this often: waking the thread for every token would cost more than its work. */
const batchMs = 20;

/** Records in a thread of its own, with its own connection to the data file. Resolves when the thread is ready to record. */
export async function threadedRecorder(path: string, { warn, onFinished }: RecorderEvents): Promise<ExchangeRecorder> {
  const isSource = import.meta.url.endsWith(".ts");
  const worker = new Worker(new URL(isSource ? "./record-thread.ts" : "./record-thread.js", import.meta.url), {
    workerData: { path },
    ...(isSource && { execArgv: ["--conditions=@cutaway/source"] }),
  });
  const counts = { recorded: 0, unrecorded: 0 };
  const waiting = new Map<number, () => void>();
  let batch: [item: Item, ack: number | undefined][] = [];
  let timer: NodeJS.Timeout | undefined;
  let acks = 0;
  let isGone = false;

  const post = (message: ToRecorder, buffers: ArrayBuffer[] = []) => {
    if (!isGone) worker.postMessage(message, buffers);
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length === 0) return;
    post(
      { items: batch },
      batch.flatMap(([item]) => buffersOf(item)),
    );
    batch = [];
  };
  const gone = () => {
    isGone = true;
    for (const resolve of waiting.values()) resolve();
    waiting.clear();
  };

  worker.on("message", (message: FromRecorder) => {
    Object.assign(counts, message.counts);
    if ("warn" in message) warn(message.warn);
    if ("finished" in message) onFinished(message.finished);
    for (const ack of "acks" in message ? message.acks : []) {
      waiting.get(ack)?.();
      waiting.delete(ack);
    }
  });
  const failed = (error: unknown) =>
    warn(`calls are not recorded any more: ${error instanceof Error ? error.message : String(error)}. Calls go on unharmed.`);
  await once(worker, "message");
  worker.on("error", failed);
  worker.on("exit", gone);

  return {
    counts,
    sink(item, awaited) {
      if (isGone) {
        if (item.kind === "end" || item.kind === "broken") counts.unrecorded++;
        return undefined;
      }
      if (!awaited) {
        batch.push([item, undefined]);
        timer ??= setTimeout(flush, batchMs);
        return undefined;
      }
      const ack = acks++;
      batch.push([item, ack]);
      const done = new Promise<void>((resolve) => waiting.set(ack, resolve));
      flush();
      return done;
    },
    annotate: (annotate, notes) => post({ annotate, notes }),
    async close() {
      flush();
      if (isGone) return;
      const exit = once(worker, "exit");
      post("close");
      await exit;
    },
  };
}

/** The bytes of an item are handed over, not copied: whoever made it gave them memory of their own. */
function buffersOf(item: Item): ArrayBuffer[] {
  const bytes = item.kind === "chunk" ? item.bytes : item.kind === "request" ? item.body : undefined;
  return bytes?.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}
