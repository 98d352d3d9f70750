import type { Request, ScoredTokens } from "@cutaway/core";
import type { InsideAnswer, View } from "../inspect/ask-inside.ts";
import type { LocalModelInfo } from "../model-info.ts";
import type { FlowMemory } from "../streams/flow.ts";
import type { InsideJob } from "./inside-work.ts";
import type { SentError } from "./sent-error.ts";
import type { PackedEvents } from "./token-dictionary.ts";

/** What the thread is started with. */
export interface ThreadStart {
  path: string;
  name?: string;
  sha256?: string;
  threads?: number;
  contextSize?: number;
  network?: "fast" | "open";
  /** Calls answered at once. */
  streams?: number;
  /** Of the keys and values of all of them together. */
  cacheBytes?: number;
}

/** One job; `id` is the job's, answers carry it. */
export type ToThread = { id: number } & (
  | {
      do: "call";
      request: Request;
      /** Milliseconds since the epoch, with fractions. */
      issued: number;
      flow: FlowMemory;
    }
  | { do: "score"; tokens: number[]; depth?: number; source?: number[]; flow: FlowMemory }
  | { do: "embed"; texts: readonly string[]; flow: FlowMemory }
  | ({ do: "inspect" } & InsideJob)
  | { do: "open-stepper" }
  | { do: "feed"; stepper: number; ids: Uint32Array; logits: SharedArrayBuffer }
  | { do: "truncate"; stepper: number; length: number }
  | { do: "fork"; stepper: number }
  | { do: "close-stepper"; stepper: number }
  | { do: "close" }
);

/** `ready` or `failed` comes first, once. A call sends events, in batches, and then `done`, as every other job does. */
export type FromThread =
  | { ready: LocalModelInfo }
  | { failed: SentError }
  | ({ id: number } & PackedEvents)
  | { id: number; progress: [done: number, of: number, what: string] }
  | { id: number; done: JobResult }
  | { id: number; failed: SentError };

export type JobResult = undefined | ScoredTokens | StepperState | Float32Array[] | InsideAnswer<View>;

export interface StepperState {
  stepper: number;
  vocabSize: number;
  length: number;
  capacity: number;
}
