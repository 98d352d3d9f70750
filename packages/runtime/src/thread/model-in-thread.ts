import type { Worker } from "node:worker_threads";
import type { EmbedOptions, InsideRequest, Model, ScoredTokens, ScoreOptions, Stepper, Tokenizer } from "@cutaway/core";
import type { InsideAnswer, InsideQuestions, View } from "../inspect/ask-inside.ts";
import type { LocalModelInfo } from "../model-info.ts";
import { readTokenizer } from "../read-tokenizer.ts";
import { deepest } from "../settings-of.ts";
import { callInThread } from "./call-in-thread.ts";
import { embedInThread } from "./embed-in-thread.ts";
import { type InspectOptions, inspectInThread } from "./inspect-in-thread.ts";
import type { StepperState } from "./messages.ts";
import { scoreInThread } from "./score-in-thread.ts";
import { stepperInThread } from "./stepper-in-thread.ts";
import { startJobs } from "./thread-jobs.ts";

export interface LocalModel extends Model {
  info: LocalModelInfo;
  score(tokens: ArrayLike<number>, options?: ScoreOptions): Promise<ScoredTokens>;
  /** Looks into the network, in float32; its weights are read a second time when it is first asked. */
  inspect<Of extends View>(view: Of, request: InsideRequest, question: InsideQuestions[Of], options?: InspectOptions): Promise<InsideAnswer<Of>>;
  probe: NonNullable<Model["probe"]>;
  /** Its steps take their turn with the model's calls. */
  stepper(): Promise<Stepper>;
  /** Ends the thread and frees its memory; a call that runs is cancelled. */
  close(): Promise<void>;
}

/** The model that a thread has loaded. @throws what the thread has to say where it could not */
export async function modelInThread(worker: Worker, path: string, signal?: AbortSignal): Promise<LocalModel> {
  const jobs = await startJobs(worker, signal);
  const { info } = jobs;
  const closing = new AbortController();
  let tokenizer: Tokenizer | undefined;
  return {
    info,
    ref: { provider: "local", asked: info.name, served: info.name, ...(info.weights.sha256 !== undefined && { revision: info.weights.sha256 }) },
    access: { text: true, logprobs: { depth: deepest, prompt: true }, internals: true, seed: true, grammar: true, deterministic: true },
    contextWindow: info.contextSize,
    /** A second one, on this side of the thread, for whoever asks. */
    get tokenizer() {
      tokenizer ??= readTokenizer(path);
      return { exact: true, tokenizer };
    },
    call: (request, signal) => callInThread(jobs, request, signal ? AbortSignal.any([signal, closing.signal]) : closing.signal),
    score: (tokens, options) => scoreInThread(jobs, tokens, options),
    ...(info.embeds && { embed: (texts: readonly string[], options?: EmbedOptions) => embedInThread(jobs, texts, options) }),
    inspect: (view, request, question, options) => inspectInThread(jobs, view, request, question, options),
    probe: (request, probes, interventions = [], signal) =>
      inspectInThread(jobs, "probe", request, { probes, interventions }, { ...(signal && { signal }) }),
    stepper: async () => stepperInThread(jobs, (await jobs.run({ do: "open-stepper" })) as StepperState),
    close() {
      closing.abort();
      return jobs.close();
    },
  };
}
