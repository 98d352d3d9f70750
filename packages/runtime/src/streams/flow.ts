/**
 * One call between two threads: whether it is still wanted, and how far its reader has come. Shared memory, because the thread of the model
 * reads no message while it computes.
 */
export type FlowMemory = SharedArrayBuffer;

const stopped = 0;
const read = 1;

export const newFlow = (): FlowMemory => new SharedArrayBuffer(8);

/** Batches of events that may lie unread: a reader that is slower than the model makes it wait, so that memory does not grow. */
const window = 8;

/** The end that reads the events. */
export function readerOf(memory: FlowMemory) {
  const flow = new Int32Array(memory);
  return {
    stop() {
      Atomics.store(flow, stopped, 1);
      // So that a writer that is about to wait sees another number than it saw before.
      Atomics.add(flow, read, 1);
      Atomics.notify(flow, read);
    },
    /** One more batch is done with. */
    hasRead() {
      Atomics.add(flow, read, 1);
      Atomics.notify(flow, read);
    },
  };
}

/** The end that makes them. */
export function writerOf(memory: FlowMemory) {
  const flow = new Int32Array(memory);
  let written = 0;
  const isStopped = () => Atomics.load(flow, stopped) !== 0;
  return {
    isStopped,
    hasWritten() {
      written++;
    },
    /** Resolves when the reader is near enough, or wants no more. */
    async room(): Promise<void> {
      for (;;) {
        const seen = Atomics.load(flow, read);
        if (isStopped() || written - seen < window) return;
        await Atomics.waitAsync(flow, read, seen).value;
      }
    },
  };
}
