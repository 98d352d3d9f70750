import { availableParallelism } from "node:os";
import { CutawayError } from "@cutaway/core";
import { type ByteSource, type GgufFile, type GgufValue, openGguf } from "@cutaway/formats";
import { type EngineParts, EngineStepper } from "./engine-stepper.ts";
import { openFile } from "./file-source.ts";
import { isInt8Exact } from "./is-int8-exact.ts";
import { type CacheShape, cacheBytesPerToken } from "./kv-cache.ts";
import { type LlamaConfig, llamaConfig } from "./llama-config.ts";
import { llamaGraph } from "./llama-graph.ts";
import { llamaWeights } from "./llama-weights.ts";
import { isQuantised } from "./matrix.ts";
import { ortLibrary } from "./ort-library.ts";
import { OrtSession } from "./ort-session.ts";

export interface EngineOptions {
  /** Default: the processor's cores. */
  threads?: number;
  /** Positions at most. Default: what the model was trained for, or less where its cache would take over 1 GiB. */
  contextSize?: number;
  signal?: AbortSignal;
}

/** Weights made ready to run. */
export interface Engine {
  architecture: string;
  config: LlamaConfig;
  vocabSize: number;
  trainedContext: number;
  contextSize: number;
  threads: number;
  /** Of ONNX Runtime, e.g. `1.30.0`. */
  version: string;
  metadata: ReadonlyMap<string, GgufValue>;
  /** A fresh stepper with nothing fed; several may live side by side. `capacity`: positions it holds at most; default: the whole context. */
  stepper(capacity?: number): EngineStepper;
  /** The logits after each of the tokens, in order; a row [vocab] is valid until the next is asked for. */
  logitsOf(ids: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<Float32Array>;
  close(): void;
}

const defaultCacheBytes = 1024 ** 3;

/**
 * Reads a GGUF file of the Llama architecture, builds its graph and hands it to ONNX Runtime. Takes some hundred milliseconds and blocks its thread.
 * @throws `bad-gguf`, `bad-model`, `unsupported-model`, `bad-context-size`, `bad-threads`, `not-enough-memory`, `no-onnx-runtime`.
 */
export async function loadEngine(path: string, options: EngineOptions = {}): Promise<Engine> {
  const threads = options.threads ?? availableParallelism();
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw new CutawayError("bad-threads", `${threads} threads were asked for`, { fix: "Give a whole number from 1 to 256." });
  }
  const source = openFile(path);
  try {
    const file = openGguf(source);
    const config = llamaConfig(file.metadata);
    const contextSize = contextSizeOf(config, options.contextSize);
    refuseSmallMemory(config, contextSize, source.size);
    options.signal?.throwIfAborted();
    const parts = build(file, source, config, contextSize, threads, options.signal);
    return {
      architecture: "llama",
      config,
      vocabSize: parts.vocabSize,
      trainedContext: config.trainedContext,
      contextSize,
      threads,
      version: ortLibrary().version,
      metadata: file.metadata,
      stepper: (capacity) => new EngineStepper(parts, Math.min(contextSize, capacity ?? contextSize)),
      async *logitsOf(ids, signal) {
        const stepper = new EngineStepper(parts, Math.min(contextSize, Math.max(1, ids.length)));
        try {
          yield* stepper.feedEach(ids, signal);
        } finally {
          stepper.close();
        }
      },
      close() {
        parts.step.close();
        parts.prompt?.close();
        source.close();
      },
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** Apart from `loadEngine`, so that what the engine returns does not hold the weights as read: ONNX Runtime has its own. */
function build(file: GgufFile, source: ByteSource, config: LlamaConfig, contextSize: number, threads: number, signal?: AbortSignal): EngineParts {
  const weights = llamaWeights(file, source, config);
  const session = (purpose: "step" | "prompt"): OrtSession => {
    signal?.throwIfAborted();
    return new OrtSession(llamaGraph(purpose, config, weights, contextSize), { threads, prepacking: purpose === "step" });
  };
  return {
    step: session("step"),
    // Plain weights take the same way for one token and for many.
    ...(weights.blocks.some(({ gateUp }) => gateUp.some(isQuantised)) && isInt8Exact() && { prompt: session("prompt") }),
    config,
    vocabSize: weights.vocabSize,
    embeddings: weights.embeddings,
    contextSize,
  };
}

/** What the model was trained for, or as much as a cache of 1 GiB holds. */
export function defaultContextSize(config: CacheShape & Pick<LlamaConfig, "trainedContext">): number {
  return Math.max(1, Math.min(config.trainedContext, Math.floor(defaultCacheBytes / cacheBytesPerToken(config))));
}

function contextSizeOf(config: LlamaConfig, asked: number | undefined): number {
  const { trainedContext } = config;
  if (asked === undefined) return defaultContextSize(config);
  if (Number.isInteger(asked) && asked >= 1 && asked <= trainedContext) return asked;
  throw new CutawayError("bad-context-size", `a context of ${asked} tokens was asked for; the model was trained for ${trainedContext}`, {
    fix: `Ask for 1 to ${trainedContext} tokens.`,
    data: { asked, trainedContext },
  });
}

function refuseSmallMemory(config: LlamaConfig, contextSize: number, fileBytes: number): void {
  const cache = contextSize * cacheBytesPerToken(config);
  const weights = fileBytes * 3; // as ONNX Runtime packs them for steps, and for prompts
  const angles = contextSize * config.rotatedSize * 4 * 2; // a table in either graph
  const free = process.availableMemory();
  if (cache + weights + angles <= free) return;
  const mega = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
  throw new CutawayError(
    "not-enough-memory",
    `the model needs ${mega(weights)} for its weights and ${mega(cache + angles)} for a context of ${contextSize} tokens; ${mega(free)} are free`,
    { fix: "Ask for a smaller context, close other programs, or use a smaller model.", data: { weights, cache, angles, free } },
  );
}
