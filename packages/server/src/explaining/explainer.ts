import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type CallId, CutawayError, isCutawayError } from "@cutaway/core";
import type { Store } from "@cutaway/store";
import type { Job, Notes } from "./explain-jobs.ts";
import type { JobAnswer } from "./job-thread.ts";

/** Explains stored calls, one after the other, what a person waits for first. */
export interface Explainer {
  /** The call's findings are to be stored beside it, when nothing more urgent is to be done. */
  later(id: CallId): void;
  /** JSON text or a page. @throws `call-not-found` */
  now(job: Job): Promise<string>;
  /** Drops the findings that nobody has waited for: they are computed anew when the call is opened. */
  close(): Promise<void>;
}

/** While calls pass, looking for findings takes at most a quarter of one core. */
const restPerWork = 3;

/**
 * store     whose calls are explained, through a connection of the thread's own
 * annotate  stores findings
 */
export function startExplainer(store: Store, annotate: (id: CallId, notes: Notes) => void, warn: (message: string) => void): Explainer {
  const { run, close } = store.path === undefined ? inPlace(store) : inThread(store.path);
  const asked: { job: Job; resolve(text: string): void; reject(error: unknown): void }[] = [];
  const later = new Set<CallId>();
  let isWorking = false;
  let hasWarned = false;
  let stopResting = () => {};

  const findings = async (id: CallId) => {
    later.delete(id);
    try {
      const notes = JSON.parse(await run({ kind: "findings", id })) as Notes;
      annotate(id, notes);
    } catch (error) {
      if (isCutawayError(error) && (error.kind === "interrupted" || error.code === "call-not-found")) return;
      if (!hasWarned) warn(`call ${id} is stored, but its findings are not: ${error instanceof Error ? error.message : String(error)}`);
      hasWarned = true;
    }
  };
  /** Until `ms` have passed or a person asks for something. */
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, later.size === 0 ? 0 : ms).unref();
      stopResting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const work = async () => {
    if (isWorking) return;
    isWorking = true;
    for (;;) {
      const next = asked.shift();
      const [id] = later;
      if (next) await run(next.job).then(next.resolve, next.reject);
      else if (id === undefined) break;
      else {
        const startedAt = performance.now();
        await findings(id);
        await rest((performance.now() - startedAt) * restPerWork);
      }
    }
    isWorking = false;
  };

  return {
    later(id) {
      later.add(id);
      void work();
    },
    now(job) {
      return new Promise((resolve, reject) => {
        asked.push({ job, resolve, reject });
        stopResting();
        void work();
      });
    },
    async close() {
      later.clear();
      stopResting();
      await close();
    },
  };
}

/** For a store in memory. What explaining needs is loaded with the first job. */
function inPlace(store: Store): { run(job: Job): Promise<string>; close(): Promise<void> } {
  return { run: async (job) => (await import("./explain-jobs.ts")).explainJobs(store)(job), close: async () => {} };
}

/** Milliseconds that a running job may take while the server closes. */
const patience = 5000;

const stopped = () => new CutawayError("server-stopped", "Cutaway is being stopped", { kind: "interrupted" });

/** Jobs in a thread of their own, with their own connection to the data file. It starts with the first job and does not keep the process alive. */
function inThread(path: string): { run(job: Job): Promise<string>; close(): Promise<void> } {
  let worker: Worker | undefined;
  let isClosed = false;
  let pending: { resolve(text: string): void; reject(error: unknown): void } | undefined;

  const settle = (work: (waiting: NonNullable<typeof pending>) => void) => {
    const waiting = pending;
    pending = undefined;
    worker?.unref();
    if (waiting) work(waiting);
  };
  const started = (): Worker => {
    const isSource = import.meta.url.endsWith(".ts");
    const made = new Worker(new URL(isSource ? "./job-thread.ts" : "./job-thread.js", import.meta.url), {
      workerData: { path },
      ...(isSource && { execArgv: ["--conditions=@cutaway/source"] }),
    });
    made.on("message", (answer: JobAnswer) =>
      settle((waiting) => (isClosed ? waiting.reject(stopped()) : "text" in answer ? waiting.resolve(answer.text) : waiting.reject(errorOf(answer)))),
    );
    made.on("error", (error) => settle((waiting) => waiting.reject(error)));
    made.on("exit", () => {
      worker = undefined;
      settle((waiting) => waiting.reject(stopped()));
    });
    return made;
  };

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(stopped());
        worker ??= started();
        worker.ref();
        pending = { resolve, reject };
        worker.postMessage(job);
      }),
    /** Asks, because a thread that is ended inside SQLite can take the process with it; a job that takes too long is ended all the same. */
    async close() {
      isClosed = true;
      if (!worker) return;
      const exit = once(worker, "exit");
      worker.ref();
      worker.postMessage("close");
      const tooLong = setTimeout(() => worker?.terminate(), patience);
      await exit;
      clearTimeout(tooLong);
    },
  };
}

function errorOf({ error: { code, message, fix } }: Extract<JobAnswer, { error: object }>): CutawayError {
  return new CutawayError(code, message, { kind: code === "internal" ? "internal" : "usage", ...(fix !== undefined && { fix }) });
}
