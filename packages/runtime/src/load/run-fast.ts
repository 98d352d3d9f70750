import { CutawayError } from "@cutaway/core";
import { cacheBytesPerToken } from "../engine/kv-cache.ts";
import { loadEngine } from "../engine/load-engine.ts";
import { scoreTokens } from "../score-tokens.ts";
import type { ModelSource } from "./open-source.ts";
import type { Running, RunOptions } from "./running.ts";

/** @throws `unsupported-model` for what the fast network does not run, and whatever `loadEngine` throws */
export async function runFast({ tokenizer, kind, file }: ModelSource, { path, threads, contextSize }: RunOptions): Promise<Running> {
  if (kind !== "gguf") {
    throw new CutawayError("unsupported-model", `${file}: the fast network runs GGUF files, and this is a folder of safetensors`, {
      fix: "Leave the choice of the network out: the open one runs it.",
      data: { file },
    });
  }
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
