import { type JobProcess, startJobProcess } from "../job-process.ts";
import type { BenchJob } from "./bench-jobs.ts";

/** Tokenizers at work for the workbench: in a process of their own, one job after the other. */
export type TokenizerBench = JobProcess<BenchJob>;

export interface BenchLimits {
  /** Of one job, in milliseconds. */
  timeoutMs?: number;
  /** Of the process's heap, in megabytes. */
  memoryMb?: number;
}

export function startTokenizerBench({ timeoutMs = 60_000, memoryMb = 2048 }: BenchLimits = {}): TokenizerBench {
  return startJobProcess({
    module: new URL(import.meta.url.endsWith(".ts") ? "./bench-process.ts" : "./bench-process.js", import.meta.url),
    name: "the tokenizer",
    timeoutMs,
    memoryMb,
    fix: "Try a shorter text, or another tokenizer file; the command line sets no limit.",
    // Tokens are on screen before what is said about them.
    isUrgent: ({ kind }) => kind === "encode" || kind === "trace",
  });
}
