import type { CallId } from "@cutaway/core";
import type { Store } from "@cutaway/store";

/** Tells who listens which calls changed, whichever process changed them. Looks only while somebody listens. */
export interface ChangeFeed {
  /** @returns how to stop listening. */
  subscribe(onChange: (ids: CallId[]) => void): () => void;
  close(): void;
}

const everyMs = 250;

export function changeFeed(store: Store): ChangeFeed {
  const listeners = new Set<(ids: CallId[]) => void>();
  let sequence = 0;
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    let changes: ReturnType<Store["changedSince"]>;
    try {
      changes = store.changedSince(sequence);
    } catch {
      return; // the store will say so where a person asked for something; here the next look tries again
    }
    sequence = changes.sequence;
    if (changes.ids.length > 0) for (const listener of listeners) listener(changes.ids);
  };
  const close = () => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    subscribe(onChange) {
      if (!timer) {
        sequence = store.lastSequence();
        timer = setInterval(look, everyMs);
      }
      listeners.add(onChange);
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) close();
      };
    },
    close,
  };
}
