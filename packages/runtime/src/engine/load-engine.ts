import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { CutawayError } from "@cutaway/core";
import { ConfigReader } from "../open/config-reader.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { openGgufCheckpoint } from "../weights/gguf-checkpoint.ts";
import { openSafetensorsFolder } from "../weights/safetensors-folder.ts";
import { type DecoderConfig, decoderConfig } from "./decoder-config.ts";
import { decoderGraph, type GraphPurpose } from "./decoder-graph.ts";
import { decoderWeights } from "./decoder-weights.ts";
import { EngineStepper } from "./engine-stepper.ts";
import { isInt8Exact } from "./is-int8-exact.ts";
import { type CacheShape, cacheBytesPerToken } from "./kv-cache.ts";
import { isQuantised } from "./matrix.ts";
import { ortLibrary } from "./ort-library.ts";
import { OrtSession } from "./ort-session.ts";
import type { EngineParts, GraphNetworks, KernelNetworks } from "./passage.ts";
import { mapLargeBlocks, returnMemory } from "./return-memory.ts";
import { StepNetwork } from "./steps/step-network.ts";

export interface EngineOptions {
  /** Default: the processor's cores. */
  threads?: number;
  /** Positions at most. Default: what the model was trained for, or less where its cache would take over 1 GiB. */
  contextSize?: number;
  /** Values inside the network can be read (`EngineStepper.feedProbed`). Default: false; texts are scored in smaller pieces then. */
  probes?: boolean;
  signal?: AbortSignal;
}

/** Weights made ready to run. */
export interface Engine {
  /** As the file calls it: `gemma3`, or a checkpoint's `gemma3_text`. */
  architecture: string;
  config: DecoderConfig;
  vocabSize: number;
  trainedContext: number;
  contextSize: number;
  threads: number;
  /** Of ONNX Runtime, e.g. `1.30.0`. */
  version: string;
  /** A fresh stepper with nothing fed; several may live side by side. `capacity`: positions it holds at most; default: the whole context. */
  stepper(capacity?: number): EngineStepper;
  /** The logits after each of the tokens, in order; a row [vocab] is valid until the next is asked for. */
  logitsOf(ids: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<Float32Array>;
  close(): void;
}

const defaultCacheBytes = 1024 ** 3;

/**
 * Reads a GGUF file, or a folder with config.json and safetensors, builds its graphs and hands them to ONNX Runtime. Takes some hundred
 * milliseconds and blocks its thread. Runs Llama, Mistral, Qwen 2 and 3, and Gemma 3; of others the open networks run more.
 * @throws `bad-gguf`, `bad-safetensors`, `bad-model`, `unsupported-model`, `bad-context-size`, `bad-threads`, `not-enough-memory`, `no-onnx-runtime`.
 */
export async function loadEngine(path: string, options: EngineOptions = {}): Promise<Engine> {
  const threads = options.threads ?? availableParallelism();
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw new CutawayError("bad-threads", `${threads} threads were asked for`, { fix: "Give a whole number from 1 to 256." });
  }
  const checkpoint = openCheckpoint(path);
  mapLargeBlocks();
  try {
    const config = decoderConfig(new ConfigReader(checkpoint.config, checkpoint.file, checkpoint.fieldName));
    const contextSize = contextSizeOf(config, options.contextSize);
    refuseSmallMemory(checkpoint, config, contextSize);
    options.signal?.throwIfAborted();
    const parts = build(checkpoint, config, contextSize, threads, options);
    return {
      architecture: checkpoint.architecture ?? config.architecture,
      config,
      vocabSize: config.vocabSize,
      trainedContext: config.trainedContext,
      contextSize,
      threads,
      version: ortLibrary().version,
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
        closeNetworks(parts.networks);
        checkpoint.close();
      },
    };
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

function openCheckpoint(path: string): Checkpoint {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() || /\.(safetensors|json)$/.test(path);
  return isFolder ? openSafetensorsFolder(path) : openGgufCheckpoint(path);
}

/** Weights are read from the file matrix by matrix, and dropped when each network has its own. */
function build(checkpoint: Checkpoint, config: DecoderConfig, contextSize: number, threads: number, options: EngineOptions): EngineParts {
  const { signal, probes = false } = options;
  const weights = decoderWeights(checkpoint, config);
  const session = (purpose: GraphPurpose): OrtSession => {
    signal?.throwIfAborted();
    const model = decoderGraph(purpose, config, weights, contextSize);
    const isForSteps = purpose === "step" || purpose === "probed-step";
    const made = new OrtSession(model, { threads, shrinking: !isForSteps });
    returnMemory(model);
    return made;
  };
  const isQuantisedModel = weights.blocks.some(({ gateUp }) => gateUp.some(isQuantised));
  const networks = (): GraphNetworks | KernelNetworks => {
    const steps = probes ? undefined : StepNetwork.of(weights, config, contextSize, threads);
    if (!steps)
      return { step: session(probes ? "probed-step" : "step"), probes, ...(isQuantisedModel && isInt8Exact() && { prompt: session("prompt") }) };
    try {
      return { steps, bulk: session(isInt8Exact() ? "bulk" : "bulk-blocks") };
    } catch (error) {
      steps.close();
      throw error;
    }
  };
  return { networks: networks(), config, vocabSize: config.vocabSize, embeddings: weights.embeddings, contextSize };
}

function closeNetworks(networks: GraphNetworks | KernelNetworks): void {
  if ("steps" in networks) {
    networks.steps.close();
    networks.bulk.close();
  } else {
    networks.step.close();
    networks.prompt?.close();
  }
}

/** What the model was trained for, or as much as a cache of 1 GiB holds. */
export function defaultContextSize(config: CacheShape & Pick<DecoderConfig, "trainedContext">): number {
  return Math.max(1, Math.min(config.trainedContext, Math.floor(defaultCacheBytes / cacheBytesPerToken(config))));
}

function contextSizeOf(config: DecoderConfig, asked: number | undefined): number {
  const { trainedContext } = config;
  if (asked === undefined) return defaultContextSize(config);
  if (Number.isInteger(asked) && asked >= 1 && asked <= trainedContext) return asked;
  throw new CutawayError("bad-context-size", `a context of ${asked} tokens was asked for; the model was trained for ${trainedContext}`, {
    fix: `Ask for 1 to ${trainedContext} tokens.`,
    data: { asked, trainedContext },
  });
}

function refuseSmallMemory({ file, tensors, stored }: Checkpoint, config: DecoderConfig, contextSize: number): void {
  const cache = contextSize * cacheBytesPerToken(config);
  let weights = 0;
  for (const [name, { shape }] of tensors) {
    // Quantised ones as ONNX Runtime packs them for steps, and for prompts; plain ones in float32, while the session is made twice.
    const floats = shape.reduce((product, size) => product * size, 4);
    const bytes = stored(name).byteLength;
    weights += Math.min(bytes * 3, floats * 2);
  }
  const kinds = new Set(config.speeds);
  const pairs = [...kinds].reduce((sum, { length }) => sum + length, 0);
  const angles = contextSize * pairs * 4 * 2 * 2; // cosines and sines, in either graph
  const free = process.availableMemory();
  if (cache + weights + angles <= free) return;
  const mega = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
  throw new CutawayError(
    "not-enough-memory",
    `${file}: the model needs ${mega(weights)} for its weights and ${mega(cache + angles)} for a context of ${contextSize} tokens; ${mega(free)} are free`,
    { fix: "Ask for a smaller context, close other programs, or use a smaller model.", data: { weights, cache, angles, free, file } },
  );
}
