import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { CutawayError } from "@cutaway/core";

/** Work in a process of its own, one job after the other; answers are bytes. */
export interface JobProcess<Job> {
  /**
   * A job whose asker has gone away is not begun. One that takes too long or too much memory is ended, and the process with it.
   * throws `took-too-long`, `too-much-memory`, and what the job throws
   */
  run(job: Job, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export interface JobProcessOptions<Job> {
  /** The module that the process runs; it begins with `answerJobs`. */
  module: URL;
  /** What errors call the process, e.g. `the tokenizer`. */
  name: string;
  /** Of one job, in milliseconds. */
  timeoutMs: number;
  /** Of the process's heap, in megabytes. */
  memoryMb: number;
  /** What a person can do where a job takes too long or too much memory. */
  fix: string;
  /** Goes before jobs that are not. */
  isUrgent?(job: Job): boolean;
  /** A running job whose asker has gone away is ended too, unless somebody waits for another: what the process holds may serve that one. */
  endsUnwanted?: boolean;
  /** A process that is not asked anything for so long is ended, and its memory given back. Milliseconds. */
  idleMs?: number;
}

export type JobAnswer = { bytes: Uint8Array<ArrayBuffer> } | { error: { code: string; message: string; fix?: string } };

interface Waiting<Job> {
  job: Job;
  signal: AbortSignal | undefined;
  resolve(answer: Uint8Array<ArrayBuffer>): void;
  reject(error: unknown): void;
}

/** How long a running job that nobody waits for goes on, in milliseconds: a page that changes its question gives up the one before, and asks the next. */
const grace = 500;

/**
 * A process, not a thread: files from anywhere are read in it, and it can be ended in the middle of its work without harm to calls that pass through this one.
 * It starts with the first job and does not keep this one alive.
 */
export function startJobProcess<Job>(options: JobProcessOptions<Job>): JobProcess<Job> {
  const { name, timeoutMs, memoryMb, fix, isUrgent = () => false, endsUnwanted = false, idleMs } = options;
  const queue: Waiting<Job>[] = [];
  let child: ChildProcess | undefined;
  let running: Waiting<Job> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  const settle = (work: (waiting: Waiting<Job>) => void) => {
    const done = running;
    running = undefined;
    clearTimeout(timer);
    if (child) release(child);
    if (done) work(done);
    next();
    if (!running && child && idleMs !== undefined) idle = setTimeout(end, idleMs).unref();
  };
  const end = () => {
    const ended = child;
    child = undefined;
    ended?.removeAllListeners();
    ended?.kill("SIGKILL");
  };
  const drop = (error: CutawayError) => {
    end();
    settle(({ reject }) => reject(error));
  };
  const started = (): ChildProcess => {
    const made = startProcess(options);
    made.on("message", (answer: JobAnswer) => settle(({ resolve, reject }) => ("bytes" in answer ? resolve(answer.bytes) : reject(errorOf(answer)))));
    made.on("error", (cause) => drop(new CutawayError("internal", `${name} did not start: ${cause.message}`, { kind: "internal", cause })));
    made.on("exit", () => drop(new CutawayError("too-much-memory", `${name} needed more than ${memoryMb} MB of memory and was ended`, { fix })));
    return made;
  };
  const endIfUnwanted = (waiting: Waiting<Job>) => {
    if (running === waiting && !queue.some(({ signal }) => !signal?.aborted)) drop(stopped());
  };
  const next = () => {
    while (!running && queue.length > 0) {
      const waiting = queue.shift() as Waiting<Job>;
      if (waiting.signal?.aborted) {
        waiting.reject(stopped());
        continue;
      }
      clearTimeout(idle);
      running = waiting;
      child ??= started();
      hold(child);
      child.send(waiting.job as object);
      timer = setTimeout(() => drop(new CutawayError("took-too-long", `${name} was stopped after ${timeoutMs / 1000} seconds`, { fix })), timeoutMs);
      if (endsUnwanted) waiting.signal?.addEventListener("abort", () => setTimeout(endIfUnwanted, grace, waiting), { once: true });
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
      clearTimeout(idle);
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

function startProcess<Job>({ module, memoryMb }: JobProcessOptions<Job>): ChildProcess {
  return fork(module, {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [`--max-old-space-size=${memoryMb}`, ...(module.pathname.endsWith(".ts") ? ["--conditions=@cutaway/source"] : [])],
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

const stopped = () => new CutawayError("server-stopped", "the request was given up", { kind: "interrupted" });

function errorOf({ error: { code, message, fix } }: Extract<JobAnswer, { error: object }>): CutawayError {
  return new CutawayError(code, message, { kind: code === "internal" ? "internal" : "usage", ...(fix !== undefined && { fix }) });
}
