import { statSync } from "node:fs";
import { CutawayError, type ScoredTokens, type Stepper, type Tokenizer } from "@cutaway/core";
import { type GgufValue, openGguf } from "@cutaway/formats";
import { fromGguf, ggufSpecials } from "@cutaway/tokenizer";
import { openFile } from "./engine/file-source.ts";
import { cacheBytesPerToken } from "./engine/kv-cache.ts";
import { loadEngine } from "./engine/load-engine.ts";
import type { LocalModelInfo } from "./model-info.ts";
import { describeGguf, type GgufDescription } from "./models/describe-gguf.ts";
import { hashFile } from "./models/hash-file.ts";
import { nameOfFile } from "./read-tokenizer.ts";
import { type ScoringOptions, scoreTokens } from "./score-tokens.ts";

export interface LoadOptions {
  path: string;
  name?: string;
  sha256?: string;
  threads?: number;
  contextSize?: number;
}

export interface LoadedModel {
  info: LocalModelInfo;
  tokenizer: Tokenizer;
  /** `capacity`: positions it holds at most; default: the whole context. */
  newStepper(capacity?: number): Stepper;
  score(tokens: ArrayLike<number>, options?: ScoringOptions): Promise<ScoredTokens>;
  close(): void;
}

/**
 * Opens a model's file in this thread: its tokenizer, its engine, and what is known of it.
 * @throws `model-not-found`, `vocabulary-mismatch`, and what file, tokenizer and engine refuse
 */
export async function loadModel({ path, name, sha256, threads, contextSize }: LoadOptions): Promise<LoadedModel> {
  const file = nameOfFile(path);
  requireFile(path);
  const { metadata, description } = readHeader(path);
  const tokenizer = fromGguf(metadata, file);
  const engine = await loadEngine(path, { ...(threads !== undefined && { threads }), ...(contextSize !== undefined && { contextSize }) });
  try {
    requireSameVocabulary(tokenizer, engine.vocabSize, file);
    const template = metadata.get("tokenizer.chat_template");
    const eos = metadata.get("tokenizer.ggml.eos_token_id");
    const quantization = description.tensorTypes[0]?.type;
    const info: LocalModelInfo = {
      name: name ?? file.replace(/\.gguf$/i, ""),
      weights: {
        file,
        sha256: sha256 ?? (await hashFile(path)),
        architecture: engine.architecture,
        ...(quantization !== undefined && { quantization }),
      },
      bytes: statSync(path).size,
      engine: { name: "onnxruntime", version: engine.version, threads: engine.threads },
      vocabSize: engine.vocabSize,
      trainedContext: engine.trainedContext,
      contextSize: engine.contextSize,
      cacheBytesPerToken: cacheBytesPerToken(engine.config),
      ...(typeof template === "string" && { template }),
      ...(typeof eos === "number" && eos < tokenizer.vocabSize && { eos: tokenizer.decode([eos]) }),
      markers: description.template?.markers ?? [],
      specials: ggufSpecials(metadata, file),
    };
    return {
      info,
      tokenizer,
      newStepper: (capacity) => engine.stepper(capacity),
      score: (tokens, options) => scoreTokens(engine, tokenizer, tokens, options),
      close: () => engine.close(),
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

function requireFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  throw new CutawayError("model-not-found", `${path}: no such file`, { fix: "Check the path.", data: { path } });
}

function readHeader(path: string): { metadata: ReadonlyMap<string, GgufValue>; description: GgufDescription } {
  const source = openFile(path);
  try {
    const file = openGguf(source);
    return { metadata: file.metadata, description: describeGguf(file) };
  } finally {
    source.close();
  }
}

function requireSameVocabulary(tokenizer: Tokenizer, rows: number, file: string): void {
  if (tokenizer.vocabSize === rows) return;
  throw new CutawayError("vocabulary-mismatch", `${file}: the tokenizer has ${tokenizer.vocabSize} tokens and the weights have ${rows}`, {
    fix: "Download the file again, or convert the model again.",
    data: { tokenizer: tokenizer.vocabSize, weights: rows },
  });
}
