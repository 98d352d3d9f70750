import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { CutawayError } from "@cutaway/core";
import type { BenchAnswer, BenchJob } from "./bench-jobs.ts";
import type { ProcessAnswer } from "./bench-process.ts";

/** Tokenizers at work for the workbench: in a process of their own, one job after the other. */
export interface TokenizerBench {
  /**
   * A job whose asker has gone away is not begun. One that takes too long or too much memory is ended, and the process with it.
   * throws `took-too-long`, `too-much-memory`, and what the job throws
   */
  run(job: BenchJob, signal?: AbortSignal): Promise<BenchAnswer>;
  close(): Promise<void>;
}

export interface BenchLimits {
  /** Of one job, in milliseconds. */
  timeoutMs?: number;
  /** Of the process's heap, in megabytes. */
  memoryMb?: number;
}

interface Waiting {
  job: BenchJob;
  signal: AbortSignal | undefined;
  resolve(answer: BenchAnswer): void;
  reject(error: unknown): void;
}

/**
 * A process, not a thread: files from anywhere are read in it, and it can be ended in the middle of its work without harm to calls that pass through this one.
 * It starts with the first job and does not keep this one alive.
 */
export function startTokenizerBench({ timeoutMs = 60_000, memoryMb = 2048 }: BenchLimits = {}): TokenizerBench {
  const queue: Waiting[] = [];
  let child: ChildProcess | undefined;
  let running: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const settle = (work: (waiting: Waiting) => void) => {
    const done = running;
    running = undefined;
    clearTimeout(timer);
    if (child) release(child);
    if (done) work(done);
    next();
  };
  const drop = (error: CutawayError) => {
    const dropped = child;
    child = undefined;
    dropped?.removeAllListeners();
    dropped?.kill("SIGKILL");
    settle(({ reject }) => reject(error));
  };
  const started = (): ChildProcess => {
    const made = startProcess(memoryMb);
    made.on("message", (answer: ProcessAnswer) =>
      settle(({ resolve, reject }) => ("bytes" in answer ? resolve(answer.bytes) : reject(errorOf(answer)))),
    );
    made.on("error", (cause) =>
      drop(new CutawayError("internal", `the tokenizer's process did not start: ${cause.message}`, { kind: "internal", cause })),
    );
    made.on("exit", () => drop(tooMuchMemory(memoryMb)));
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
      child ??= started();
      hold(child);
      child.send(waiting.job);
      timer = setTimeout(() => drop(tookTooLong(timeoutMs)), timeoutMs);
    }
  };

  return {
    run: (job, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(stopped());
        const place = isUrgent(job) ? queue.findIndex((waiting) => !isUrgent(waiting.job)) : -1;
        queue.splice(place === -1 ? queue.length : place, 0, { job, signal, resolve, reject });
        next();
      }),
    async close() {
      isClosed = true;
      for (const { reject } of queue.splice(0)) reject(stopped());
      clearTimeout(timer);
      const ended = child;
      child = undefined;
      running?.reject(stopped());
      running = undefined;
      if (!ended) return;
      ended.removeAllListeners();
      const exit = once(ended, "exit");
      ended.kill("SIGKILL");
      await exit;
    },
  };
}

function startProcess(memoryMb: number): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  return fork(new URL(isSource ? "./bench-process.ts" : "./bench-process.js", import.meta.url), {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [`--max-old-space-size=${memoryMb}`, ...(isSource ? ["--conditions=@cutaway/source"] : [])],
  });
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

/** Tokens are on screen before what is said about them. */
const isUrgent = ({ kind }: BenchJob): boolean => kind === "encode" || kind === "trace";

const stopped = () => new CutawayError("server-stopped", "the request was given up", { kind: "interrupted" });
const tookTooLong = (ms: number) =>
  new CutawayError("took-too-long", `the tokenizer was stopped after ${ms / 1000} seconds`, {
    fix: "Try a shorter text, or another tokenizer file; the command line sets no limit.",
  });
const tooMuchMemory = (mb: number) =>
  new CutawayError("too-much-memory", `the tokenizer needed more than ${mb} MB of memory and was ended`, {
    fix: "Try a shorter text, or another tokenizer file; the command line sets no limit.",
  });

function errorOf({ error: { code, message, fix } }: Extract<ProcessAnswer, { error: object }>): CutawayError {
  return new CutawayError(code, message, { kind: code === "internal" ? "internal" : "usage", ...(fix !== undefined && { fix }) });
}
