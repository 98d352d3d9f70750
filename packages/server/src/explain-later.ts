import type { CallId } from "@cutaway/core";
import type { Store } from "@cutaway/store";
import { storeFindings } from "./explain-stored.ts";

/** Looks for findings of stored calls, one after the other, when nothing more urgent is to be done. */
export interface LaterExplainer {
  add(id: CallId): void;
  /** Drops what waits: it is explained when somebody opens it. */
  close(): Promise<void>;
}

export function explainLater(store: Store, warn: (message: string) => void): LaterExplainer {
  const waiting = new Set<CallId>();
  let running: Promise<void> | undefined;
  let failed = false;

  const run = async () => {
    for (const id of waiting) {
      waiting.delete(id);
      await new Promise((resolve) => setImmediate(resolve));
      try {
        await storeFindings(store, id);
      } catch (error) {
        if (!failed) warn(`call ${id} is stored, but not explained: ${error instanceof Error ? error.message : String(error)}`);
        failed = true;
      }
    }
    running = undefined;
  };

  return {
    add(id) {
      waiting.add(id);
      running ??= run();
    },
    async close() {
      waiting.clear();
      await running;
    },
  };
}
