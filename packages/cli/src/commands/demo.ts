import { isCutawayError } from "@cutaway/core";
import type { Progress } from "@cutaway/lab";
import { defaultModel } from "@cutaway/runtime/models";
import type { DemoCase } from "../demo/demo-cases.ts";
import { demoCases } from "../demo/demo-cases.ts";
import { demoToJson } from "../demo/demo-json.ts";
import { nextSteps, renderDemo } from "../demo/render-demo.ts";
import { type DemoResult, runDemo } from "../demo/run-demo.ts";
import { lazyModel } from "../models/lazy-model.ts";
import { startProgress } from "../progress.ts";
import { ensureWeb, type ServeOptions, serve } from "../serve/serve.ts";
import type { Session } from "../session.ts";
import { blank, line, piece } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";

export interface DemoOptions extends ServeOptions {
  once?: boolean;
  model?: string;
}

/** Runs the six calls where that was not done before, shows what came out, and serves the workbench. */
export async function run(_: string[], options: DemoOptions, session: Session): Promise<undefined> {
  const { out, interrupted } = session;
  const name = options.model ?? defaultModel;
  try {
    await show(name, session);
  } catch (error) {
    // Without the model there is no demo, but the workbench is of use all the same.
    if (options.once || !isCutawayError(error) || interrupted.aborted) throw error;
    out.complain(line(piece("! ", "warning"), error.message), ...(error.fix ?? "").split("\n").map((text) => line("  ", text)), blank);
  }
  if (options.once || interrupted.aborted) return;
  await ensureWeb(session);
  if (!interrupted.aborted) await serve(options, session);
}

async function show(name: string, session: Session): Promise<void> {
  const { out, interrupted } = session;
  const started = performance.now();
  const cases = demoCases(name);
  const model = lazyModel(name, session);
  const progress = startProgress(out);
  let results: DemoResult[];
  try {
    results = await runDemo(cases, {
      store: await session.store(),
      model: model.open,
      signal: interrupted,
      onProgress: ({ case: one, doing, of }) => progress.update(doingWhat(one, cases.indexOf(one), cases.length, doing, of)),
    });
  } finally {
    progress.done();
    await model.close();
  }
  if (interrupted.aborted) {
    out.say(line(`interrupted: ${counted(results.length, "case")} done and kept; the next start goes on from here`));
    return;
  }
  const seconds = (performance.now() - started) / 1000;
  if (out.json) out.printJson(demoToJson(results, name, seconds));
  else out.print(...renderDemo(results, name, out.width), blank, ...nextSteps(results));
}

function doingWhat({ id }: DemoCase, place: number, of: number, doing: "call" | "verify", runs: Progress | undefined): string {
  const rate = runs?.perMinute === undefined ? "" : ` · ${Math.round(runs.perMinute)} runs a minute`;
  const what = doing === "call" ? "calling" : `putting the cause to the test, run ${runs?.done ?? 0} of ${runs?.total ?? "?"}${rate}`;
  return `call ${place + 1} of ${of}, ${id}: ${what} · local, no cost`;
}
