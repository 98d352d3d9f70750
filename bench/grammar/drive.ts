import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { EngineLine, EngineTask } from "./run-engine.ts";

export type Judged = Extract<EngineLine, { masks: number[] }>;

export interface Taken {
  setupMs: number[];
  hash: string;
  judged: Map<number, Judged>;
  refused: Map<number, string>;
}

export const nothingTaken = (): Taken => ({ setupMs: [], hash: "", judged: new Map(), refused: new Map() });

/** One process over a stretch of schemas. A schema that takes longer than the limit counts as refused, and a new process goes on after it. */
export async function drive(task: EngineTask, limitMs: number, taken: Taken): Promise<void> {
  let from = task.from;
  while (from < task.to) {
    const done = await oneProcess({ ...task, from }, limitMs, taken);
    if (done >= task.to) return;
    taken.refused.set(done, `over ${limitMs / 1000} s, or the process ended`);
    from = done + 1;
  }
}

/** Resolves with the index of the first schema that was not taken. */
async function oneProcess(task: EngineTask, limitMs: number, taken: Taken): Promise<number> {
  const path = fileURLToPath(new URL("run-engine.ts", import.meta.url));
  const args = ["--conditions=@cutaway/source", "--disable-warning=ExperimentalWarning", path, JSON.stringify(task)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let next = task.from;
  let timer: NodeJS.Timeout | undefined;
  // Setting up takes its time; a schema gets its limit.
  const wait = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  };
  wait(60_000);
  const closed = new Promise((resolve) => child.once("close", resolve));
  for await (const text of createInterface({ input: child.stdout })) {
    // Engines print notices of their own.
    if (!text.startsWith("{")) continue;
    const line = JSON.parse(text) as EngineLine;
    wait(limitMs);
    if ("setupMs" in line) {
      taken.setupMs.push(line.setupMs);
      taken.hash = line.hash;
      continue;
    }
    if ("refused" in line) taken.refused.set(line.index, line.refused);
    else taken.judged.set(line.index, line);
    next = line.index + 1;
  }
  await closed;
  clearTimeout(timer);
  if (next === task.from && taken.setupMs.length === 0) throw new Error(`${task.engine} could not be set up`);
  return next;
}
