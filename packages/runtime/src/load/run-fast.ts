import { cacheBytesPerToken } from "../engine/kv-cache.ts";
import { loadEngine } from "../engine/load-engine.ts";
import { scoreTokens } from "../score-tokens.ts";
import type { ModelSource } from "./open-source.ts";
import type { Running, RunOptions } from "./running.ts";

/** @throws `unsupported-model` for what the fast network does not run, and whatever `loadEngine` throws */
export async function runFast({ tokenizer }: ModelSource, { path, threads, contextSize }: RunOptions): Promise<Running> {
  const engine = await loadEngine(path, { ...(threads !== undefined && { threads }), ...(contextSize !== undefined && { contextSize }) });
  return {
    architecture: engine.architecture,
    engine: { name: "onnxruntime", version: engine.version, threads: engine.threads, network: "fast" },
    vocabSize: engine.vocabSize,
    trainedContext: engine.trainedContext,
    contextSize: engine.contextSize,
    cacheBytesPerToken: cacheBytesPerToken(engine.config),
    newStepper: (capacity) => engine.stepper(capacity),
    score: (tokens, options) => scoreTokens(engine, tokenizer, tokens, options),
    close: () => engine.close(),
  };
}
