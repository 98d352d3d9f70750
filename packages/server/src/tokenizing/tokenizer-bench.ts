import { Worker } from "node:worker_threads";
import { CutawayError } from "@cutaway/core";
import type { BenchAnswer, BenchJob } from "./bench-jobs.ts";
import type { ThreadAnswer } from "./bench-thread.ts";

/** Tokenizers at work for the workbench: in a thread of their own, one job after the other. */
export interface TokenizerBench {
  /**
   * A job whose asker has gone away is not begun. One that takes too long or too much memory is ended, and the thread with it.
   * throws `took-too-long`, `too-much-memory`, and what the job throws
   */
  run(job: BenchJob, signal?: AbortSignal): Promise<BenchAnswer>;
  close(): Promise<void>;
}

export interface BenchLimits {
  /** Of one job, in milliseconds. */
  timeoutMs?: number;
  /** Of the thread's heap, in megabytes. */
  memoryMb?: number;
}

interface Waiting {
  job: BenchJob;
  signal: AbortSignal | undefined;
  resolve(answer: BenchAnswer): void;
  reject(error: unknown): void;
}

/** The thread starts with the first job and does not keep the process alive. */
export function startTokenizerBench({ timeoutMs = 60_000, memoryMb = 2048 }: BenchLimits = {}): TokenizerBench {
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let running: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const settle = (work: (waiting: Waiting) => void) => {
    const done = running;
    running = undefined;
    clearTimeout(timer);
    worker?.unref();
    if (done) work(done);
    next();
  };
  const drop = (error: CutawayError) => {
    const dropped = worker;
    worker = undefined;
    dropped?.removeAllListeners();
    void dropped?.terminate();
    settle(({ reject }) => reject(error));
  };
  const started = (): Worker => {
    const isSource = import.meta.url.endsWith(".ts");
    const made = new Worker(new URL(isSource ? "./bench-thread.ts" : "./bench-thread.js", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      ...(isSource && { execArgv: ["--conditions=@cutaway/source"] }),
    });
    made.on("message", (answer: ThreadAnswer) =>
      settle(({ resolve, reject }) => ("bytes" in answer ? resolve(answer.bytes) : reject(errorOf(answer)))),
    );
    made.on("error", (error: NodeJS.ErrnoException) => drop(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooMuchMemory(memoryMb) : broken(error)));
    made.on("exit", () => drop(stopped()));
    return made;
  };
  const next = () => {
    while (!running && queue.length > 0) {
      const waiting = queue.shift() as Waiting;
      if (waiting.signal?.aborted) {
        waiting.reject(stopped());
        continue;
      }
      running = waiting;
      worker ??= started();
      worker.ref();
      worker.postMessage(waiting.job);
      timer = setTimeout(() => drop(tookTooLong(timeoutMs)), timeoutMs);
    }
  };

  return {
    run: (job, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(stopped());
        queue.push({ job, signal, resolve, reject });
        next();
      }),
    async close() {
      isClosed = true;
      for (const { reject } of queue.splice(0)) reject(stopped());
      clearTimeout(timer);
      const ended = worker;
      worker = undefined;
      ended?.removeAllListeners();
      await ended?.terminate();
      running?.reject(stopped());
      running = undefined;
    },
  };
}

const stopped = () => new CutawayError("server-stopped", "the request was given up", { kind: "interrupted" });
const broken = (error: Error) => new CutawayError("internal", error.stack ?? error.message, { kind: "internal" });
const tookTooLong = (ms: number) =>
  new CutawayError("took-too-long", `the tokenizer was stopped after ${ms / 1000} seconds`, {
    fix: "Try a shorter text, or another tokenizer file; the command line sets no limit.",
  });
const tooMuchMemory = (mb: number) =>
  new CutawayError("too-much-memory", `the tokenizer was stopped at ${mb} MB of memory`, {
    fix: "Try a shorter text, or another tokenizer file; the command line sets no limit.",
  });

function errorOf({ error: { code, message, fix } }: Extract<ThreadAnswer, { error: object }>): CutawayError {
  return new CutawayError(code, message, { kind: code === "internal" ? "internal" : "usage", ...(fix !== undefined && { fix }) });
}
