import type { Architecture } from "../architectures/architecture.ts";
import { notAGenerator } from "../not-a-generator.ts";
import { ConfigReader } from "../open/config-reader.ts";
import { openEmbedder } from "../open/embedder.ts";
import { openEngine } from "../open/open-engine.ts";
import { scoreTokens } from "../score-tokens.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import type { ModelSource } from "./open-source.ts";
import type { Running, RunOptions } from "./running.ts";

/** @throws `unsupported-model`, `bad-model`, `not-enough-memory`, naming tensor and file */
export function runOpen(source: ModelSource, options: RunOptions): Running {
  const { checkpoint, architecture } = source.checkpoint();
  try {
    const running = architecture.kind === "encoder" ? encoder : generator;
    return running(source, { checkpoint, architecture }, options);
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

interface Opened {
  checkpoint: Checkpoint;
  architecture: Architecture;
}

function generator({ tokenizer, decoderStart }: ModelSource, { checkpoint, architecture }: Opened, { threads, contextSize }: RunOptions): Running {
  const engine = openEngine(architecture, checkpoint, { threads, contextSize });
  const { vocabSize, trainedContext } = engine.dimensions;
  return {
    architecture: String(checkpoint.config.model_type),
    engine: { name: "onnxruntime", version: engine.version, threads: engine.threads, network: "open" },
    vocabSize,
    trainedContext,
    contextSize: engine.contextSize,
    cacheBytesPerToken: engine.cacheBytesPerToken,
    newStepper: (capacity) => engine.stepper(capacity),
    score: (tokens, options) => scoreTokens(engine, tokenizer, tokens, { ...options, decoderStart: decoderStart?.id }),
    close() {
      engine.close();
      checkpoint.close();
    },
  };
}

function encoder(source: ModelSource, { checkpoint, architecture }: Opened, { threads, contextSize }: RunOptions): Running {
  const { file, tokenizer } = source;
  if (contextSize !== undefined) throw notAGenerator(file, "a context size would have no effect");
  const { vocabSize, trainedContext, width } = architecture.dimensions(new ConfigReader(checkpoint.config, checkpoint.file));
  const embeds = source.pooling({ width, trainedContext });
  const embedder = openEmbedder(architecture, checkpoint, tokenizer, { ...embeds, threads });
  return {
    architecture: String(checkpoint.config.model_type),
    engine: { name: "onnxruntime", version: embedder.version, threads: embedder.threads, network: "open" },
    vocabSize,
    trainedContext,
    contextSize: embeds.longest,
    embeds,
    embed: embedder.embed,
    newStepper() {
      throw notAGenerator(file, "it has no next token");
    },
    async score() {
      throw notAGenerator(file, "it has no next token");
    },
    close() {
      embedder.close();
      checkpoint.close();
    },
  };
}
