import { availableParallelism } from "node:os";
import { CutawayError } from "@cutaway/core";
import type { Architecture, Dimensions } from "../architectures/architecture.ts";
import { ortLibrary } from "../engine/ort-library.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { ConfigReader } from "./config-reader.ts";
import { openParts } from "./open-parts.ts";
import { OpenStepper } from "./open-stepper.ts";
import { refuseSmallMemory } from "./refuse-small-memory.ts";

/** An open network made ready to generate, in the shape of the fast engine. */
export interface OpenEngine {
  dimensions: Dimensions;
  contextSize: number;
  threads: number;
  version: string;
  cacheBytesPerToken: number;
  stepper(capacity?: number): OpenStepper;
  /** The logits after each of the tokens; a row [vocab] is valid until the next is asked for. `source`: what an encoder–decoder's encoder reads. */
  logitsOf(ids: ArrayLike<number>, signal?: AbortSignal, source?: ArrayLike<number>): AsyncGenerator<Float32Array>;
  close(): void;
}

const defaultCacheBytes = 1024 ** 3;

/** @throws `bad-threads`, `bad-context-size`, `not-enough-memory`, `bad-model`, before a weight is read where that can be told */
export function openEngine(
  architecture: Architecture,
  checkpoint: Checkpoint,
  options: { threads?: number | undefined; contextSize?: number | undefined } = {},
): OpenEngine {
  const threads = threadsOf(options.threads);
  const dimensions = architecture.dimensions(new ConfigReader(checkpoint.config, checkpoint.file));
  const { layers, kvHeads, headSize } = dimensions;
  const cacheBytesPerToken = layers * 2 * kvHeads * headSize * 4;
  const contextSize = contextSizeOf(dimensions, cacheBytesPerToken, options.contextSize);
  refuseSmallMemory(checkpoint, contextSize * cacheBytesPerToken);
  const parts = openParts(architecture, checkpoint, { threads, contextSize });
  return {
    dimensions,
    contextSize,
    threads,
    version: ortLibrary().version,
    cacheBytesPerToken,
    stepper: (capacity = contextSize) => new OpenStepper(parts, Math.min(contextSize, capacity)),
    async *logitsOf(ids, signal, source) {
      const stepper = new OpenStepper(parts);
      try {
        if (source) await stepper.readSource(source);
        yield* stepper.feedEach(ids, signal);
      } finally {
        stepper.close();
      }
    },
    close: () => parts.close(),
  };
}

export function threadsOf(asked = availableParallelism()): number {
  if (Number.isInteger(asked) && asked >= 1 && asked <= 256) return asked;
  throw new CutawayError("bad-threads", `${asked} threads were asked for`, { fix: "Give a whole number from 1 to 256." });
}

/** What the model was trained for, or as much as a cache of 1 GiB holds. */
function contextSizeOf({ trainedContext }: Dimensions, cacheBytesPerToken: number, asked: number | undefined): number {
  if (asked === undefined) return Math.max(1, Math.min(trainedContext, Math.floor(defaultCacheBytes / cacheBytesPerToken)));
  if (Number.isInteger(asked) && asked >= 1 && asked <= trainedContext) return asked;
  throw new CutawayError("bad-context-size", `a context of ${asked} tokens was asked for; the model was trained for ${trainedContext}`, {
    fix: `Ask for 1 to ${trainedContext} tokens.`,
    data: { asked, trainedContext },
  });
}
