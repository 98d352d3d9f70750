import { type JobProcess, startJobProcess } from "../job-process.ts";
import type { InsideJob } from "./inside-jobs.ts";

/** Local models open to the inside, in float32: in a process of their own, one job after the other. */
export type ModelInside = JobProcess<InsideJob>;

export function startModelInside({ timeoutMs = 300_000, idleMs = 120_000 }: { timeoutMs?: number; idleMs?: number } = {}): ModelInside {
  return startJobProcess({
    module: new URL(import.meta.url.endsWith(".ts") ? "./inside-process.ts" : "./inside-process.js", import.meta.url),
    name: "looking inside the model",
    timeoutMs,
    // Weights and activations lie outside the heap; the runtime refuses what does not fit the machine.
    memoryMb: 4096,
    fix: "Ask about a shorter text or a smaller model; cutaway inspect sets no limit of time.",
    isUrgent: ({ ask }) => ask.kind === "tokens" || ask.kind === "network" || ask.kind === "positions",
    endsUnwanted: true,
    idleMs,
  });
}
