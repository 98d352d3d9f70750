import type { CallEvent } from "@cutaway/core";

export interface EventQueue {
  push(event: CallEvent): void;
  end(): void;
  readonly isEnded: boolean;
  /** Events in order, as they come, until the end. */
  take(): AsyncGenerator<CallEvent>;
}

/** Between code that pushes events and a caller who awaits them. */
export function eventQueue(): EventQueue {
  let waiting: CallEvent[] = [];
  let isEnded = false;
  let wake: () => void = () => {};
  return {
    get isEnded() {
      return isEnded;
    },
    push(event) {
      waiting.push(event);
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    async *take() {
      for (;;) {
        const batch = waiting;
        waiting = [];
        yield* batch;
        if (waiting.length > 0) continue;
        if (isEnded) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
