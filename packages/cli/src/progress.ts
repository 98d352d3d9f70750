import type { Output } from "./output.ts";
import { line } from "./terminal/line.ts";

export interface Progress {
  /** Says how far the work is; shown only once it has taken two seconds. */
  update(text: string): void;
  done(): void;
}

const firstAfter = 2000;
const redrawEvery = 100;
const lineEvery = 10_000;

/** Progress on standard error: one line redrawn in a terminal, a line now and then elsewhere. */
export function startProgress(out: Output, clock: () => number = Date.now): Progress {
  const started = clock();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    update(text) {
      const now = clock();
      if (now - started < firstAfter || now - shown < (out.live ? redrawEvery : lineEvery)) return;
      shown = now;
      if (out.live) out.status(text);
      else out.say(line(text));
    },
    done: () => out.status(undefined),
  };
}
