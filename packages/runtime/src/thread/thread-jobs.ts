import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { type CallEvent, CutawayError } from "@cutaway/core";
import type { LocalModelInfo } from "../model-info.ts";
import type { FromThread, JobResult, ToThread } from "./messages.ts";
import { receivedError } from "./sent-error.ts";
import { tokenUnpacker } from "./token-dictionary.ts";

type Without<Job> = Job extends unknown ? Omit<Job, "id"> : never;
export type Job = Without<ToThread>;

/** The caller's end of `model-thread.ts`: jobs in, results out, and an end for every job, also when the thread dies. */
export interface ThreadJobs {
  info: LocalModelInfo;
  /** Why no job can be given any more; undefined while the thread lives. */
  readonly ended: CutawayError | undefined;
  /** `onEvents` hears what a call says before it is done, `onProgress` how far other work is. @throws the job's own error, or `ended` */
  run(job: Job, onEvents?: (events: CallEvent[]) => void, onProgress?: (done: number, of: number, what: string) => void): Promise<JobResult>;
  close(): Promise<void>;
}

interface Waiting {
  onEvents?: ((events: CallEvent[]) => void) | undefined;
  onProgress?: ((done: number, of: number, what: string) => void) | undefined;
  resolve(result: JobResult): void;
  reject(error: CutawayError): void;
}

/** Milliseconds that the job at hand may take while the thread closes. */
const patience = 5000;

/** Resolves when the thread has loaded its model. @throws the thread's own error; `interrupted` when the signal came first */
export async function startJobs(worker: Worker, signal?: AbortSignal): Promise<ThreadJobs> {
  const waiting = new Map<number, Waiting>();
  let jobs = 0;
  let ended: CutawayError | undefined;
  let isClosing = false;

  const end = (cause?: unknown) => {
    ended ??= isClosing ? closed() : died(cause);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  const settle = (id: number): Waiting | undefined => {
    const job = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return job;
  };

  const unpack = tokenUnpacker();
  const heard = (id: number, events: CallEvent[]) => waiting.get(id)?.onEvents?.(events);

  let giveUp = () => {};
  const info = await new Promise<LocalModelInfo>((resolve, reject) => {
    /** Native code cannot be stopped: the thread closes itself when it has loaded, and keeps no process alive until then. */
    giveUp = () => {
      worker.postMessage({ do: "close", id: jobs++ } satisfies ToThread);
      worker.unref();
      reject(interrupted());
    };
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
    worker.on("message", (message: FromThread) => {
      if ("ready" in message) resolve(message.ready);
      else if ("events" in message) heard(message.id, unpack(message));
      else if ("progress" in message) waiting.get(message.id)?.onProgress?.(...message.progress);
      else if ("done" in message) settle(message.id)?.resolve(message.done);
      else if ("id" in message) settle(message.id)?.reject(receivedError(message.failed));
      else reject(receivedError(message.failed));
    });
    worker.on("error", (error) => {
      end(error);
      reject(ended);
    });
    worker.on("exit", () => {
      end();
      reject(ended);
    });
  }).finally(() => signal?.removeEventListener("abort", giveUp));
  worker.unref();

  const run: ThreadJobs["run"] = (job, onEvents, onProgress) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      const id = jobs++;
      worker.postMessage({ ...job, id } satisfies ToThread);
      waiting.set(id, { resolve, reject, onEvents, onProgress });
      worker.ref();
    });

  return {
    info,
    get ended() {
      return ended ?? (isClosing ? closed() : undefined);
    },
    run,
    /** Asks: a thread that is ended inside native code can take the process with it. One that takes too long is ended all the same. */
    async close() {
      if (ended || isClosing) return;
      isClosing = true;
      worker.ref();
      const exit = once(worker, "exit");
      run({ do: "close" }).catch(() => {});
      const tooLong = setTimeout(() => void worker.terminate(), patience);
      await exit;
      clearTimeout(tooLong);
    },
  };
}

const closed = () => new CutawayError("model-closed", "the model was closed", { fix: "Open it again.", kind: "interrupted" });

const interrupted = () => new CutawayError("interrupted", "interrupted while the model was loading: it was not asked", { kind: "interrupted" });

const died = (cause: unknown) =>
  new CutawayError(
    "model-thread-ended",
    `the thread of the model ended${cause === undefined ? "" : `: ${cause instanceof Error ? cause.message : String(cause)}`}`,
    {
      kind: "internal",
      fix: "Open the model again; if it ends again, the machine may be out of memory.",
      cause,
    },
  );
