import { Worker } from "node:worker_threads";
import { keepMachineCode } from "../keep-machine-code.ts";
import { type LocalModel, modelInThread } from "./model-in-thread.ts";

/**
 * Most V8 takes for new objects of a model's thread, where what is made for a token is soon of no use. Left to itself it takes 100 MB in some minutes of
 * many streams, and collects the less often the more it has; what large arrays hold beside it then waits as long.
 */
const youngMb = 24;

export interface OpenModelOptions {
  /** Threads of the engine. Default: the engine's choice for this machine. */
  threads?: number;
  /** Positions a call may use at most. Default: what the model was trained for, within the memory there is. */
  contextSize?: number;
  /** Calls answered at once, in turns of a token each; further ones wait in line. Default 1. */
  streams?: number;
  /** Bytes of the keys and values of all answers at once, where there is more than one stream: an answer that has no room waits in line. Default 1 GiB. */
  cacheBytes?: number;
  /** Which network runs it: `open`, plain float32, exact; `fast`, or none. Default: the fast one where it runs the model, else the open one; `info.engine` says which. */
  network?: "fast" | "open";
  /** What the model is called in its calls. Default: the file's name without `.gguf`. */
  name?: string;
  /** Gives up waiting while the model loads; an open model is ended by `close`. */
  signal?: AbortSignal;
}

/** A model's file, or its folder; `findModel` of `@cutaway/runtime/models` gives one. */
export interface ModelFile {
  path: string;
  name?: string;
  /** Hex, where it is known; computed when the file is opened where not. */
  sha256?: string;
}

/**
 * Opens a GGUF file, or a folder with config.json, safetensors and a tokenizer, in a thread of its own, which does not keep the process alive while it has nothing to do.
 * @throws what the thread has to say: `model-not-found`, `bad-gguf`, `bad-model`, `no-tokenizer`, `unsupported-model`, `vocabulary-mismatch`, `not-enough-memory`, …; `interrupted`, by the signal
 */
export async function openLocalModel(file: string | ModelFile, { signal, ...options }: OpenModelOptions = {}): Promise<LocalModel> {
  const start = typeof file === "string" ? { path: file, ...options } : { path: file.path, name: file.name, sha256: file.sha256, ...options };
  keepMachineCode();
  const isSource = import.meta.url.endsWith(".ts");
  const worker = new Worker(new URL(isSource ? "./model-thread.ts" : "./model-thread.js", import.meta.url), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    ...(isSource && { execArgv: ["--conditions=@cutaway/source"] }),
  });
  return modelInThread(worker, start.path, signal);
}
