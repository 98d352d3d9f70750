import { isCutawayError } from "@cutaway/core";
import { type PullEvent, type PulledModel, pullModel } from "@cutaway/runtime/models";
import type { Output } from "../output.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { bar } from "../terminal/bars.ts";
import { dim, line } from "../terminal/line.ts";
import { bytes, milliseconds } from "../terminal/numbers.ts";

/**
 * Gets a model that is not here yet, and says on standard error where it comes from and how far it is.
 * Undefined when the user stopped it; throws what `pullModel` throws.
 */
export async function pullWithProgress(name: string, from: string | undefined, session: Session): Promise<PulledModel | undefined> {
  const { out } = session;
  const progress = startProgress(out);
  const rate = rateSince();
  const onProgress = (event: PullEvent) => {
    if (event.type === "trying") out.say(line(`getting ${name} from ${event.source === "file" ? session.pathForPeople(event.from) : event.from}`));
    else if (event.type === "failed") out.say(line(dim(`  ${event.error.message}`)));
    else progress.update(howFar(event, rate(event), out));
  };
  try {
    return await pullModel(name, { from, env: session.env, signal: session.interrupted, onProgress });
  } catch (error) {
    if (!isCutawayError(error) || error.code !== "interrupted") throw error;
    out.say(line(error.message), line(dim(error.fix ?? "")));
    return undefined;
  } finally {
    progress.done();
  }
}

type Bytes = Extract<PullEvent, { type: "bytes" }>;

/** Bytes a second since the step began, whatever was there before it; undefined until that is known. */
export function rateSince(clock: () => number = Date.now): (event: Bytes) => number | undefined {
  let step = "";
  let began = 0;
  let first = 0;
  return ({ source, doing, bytes: now }) => {
    if (step !== `${source} ${doing}` || now < first) {
      step = `${source} ${doing}`;
      began = clock();
      first = now;
    }
    const seconds = (clock() - began) / 1000;
    return seconds > 0.2 ? (now - first) / seconds : undefined;
  };
}

const duration = (seconds: number): string => (seconds < 60 ? `${Math.ceil(seconds)} s` : milliseconds(Math.ceil(seconds) * 1000));

/** `████▌       41 MB of 98 MB · 12 MB/s · 5 s left`; without the bar where no line is redrawn. */
export function howFar({ doing, bytes: now, of }: Bytes, rate: number | undefined, { live }: Pick<Output, "live">): string {
  const amount = `${doing === "install" ? "unpacked and checked " : ""}${bytes(now)} of ${bytes(of)}`;
  const parts = rate === undefined || rate <= 0 ? [] : [`${bytes(Math.round(rate))}/s`, `${duration((of - now) / rate)} left`];
  return live ? `${bar(now / of, 20)} ${[amount, ...parts].join(" · ")}` : [...parts, amount].join(", ");
}
