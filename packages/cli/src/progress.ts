import type { Output } from "./output.ts";
import { line } from "./terminal/line.ts";

export interface Progress {
  /** Says how far the work is: after two seconds in a terminal, every ten elsewhere. */
  update(text: string): void;
  done(): void;
}

const terminal = { firstAfter: 2000, every: 100 };
const elsewhere = { firstAfter: 10_000, every: 10_000 };

/** Progress on standard error: one line redrawn in a terminal, a line now and then elsewhere. */
export function startProgress(out: Output, clock: () => number = Date.now): Progress {
  const started = clock();
  const { firstAfter, every } = out.live ? terminal : elsewhere;
  let shown = Number.NEGATIVE_INFINITY;
  return {
    update(text) {
      const now = clock();
      if (now - started < firstAfter || now - shown < every) return;
      shown = now;
      if (out.live) out.status(text);
      else out.say(line(`${text} so far`));
    },
    done: () => out.status(undefined),
  };
}
