import type { CallEvent } from "@cutaway/core";

/** The events of one call on their way out of the thread. */
export interface Outbox {
  push(event: CallEvent): void;
  send(): void;
  close(): void;
}

export interface Outboxes {
  open(post: (events: CallEvent[]) => void): Outbox;
  /** Sends what has waited long enough: nothing is sent while the network computes. */
  flush(): void;
}

/** Events wait for one another this long: a small model makes tokens faster than threads should be woken. */
const batchMs = 4;
/** And no batch is longer, so that a number of batches is a bound on memory. */
const longestBatch = 64;

export function createOutboxes(now: () => number = () => performance.now()): Outboxes {
  const open = new Set<{ sentAt: number; send(): void }>();
  return {
    open(post) {
      let batch: CallEvent[] = [];
      const entry = {
        sentAt: 0,
        send() {
          if (batch.length > 0) post(batch);
          batch = [];
          entry.sentAt = now();
        },
      };
      open.add(entry);
      return {
        push(event) {
          batch.push(event);
          if (batch.length >= longestBatch) entry.send();
        },
        send: entry.send,
        close: () => open.delete(entry),
      };
    },
    flush() {
      const time = now();
      for (const entry of open) if (time - entry.sentAt >= batchMs) entry.send();
    },
  };
}
