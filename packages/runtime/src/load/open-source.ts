import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { CutawayError, type LocalRun, type SpecialToken, type Tokenizer } from "@cutaway/core";
import { type GgufValue, openGguf } from "@cutaway/formats";
import { fromGguf, ggufSpecials } from "@cutaway/tokenizer";
import type { Architecture } from "../architectures/architecture.ts";
import { architectureOf } from "../architectures/index.ts";
import { openFile } from "../engine/file-source.ts";
import type { EmbeddingInfo } from "../model-info.ts";
import { describeGguf, type GgufDescription } from "../models/describe-gguf.ts";
import { hashFile } from "../models/hash-file.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { openGgufCheckpoint } from "../weights/gguf-checkpoint.ts";
import { folderOf, openSafetensorsFolder, shardsOf } from "../weights/safetensors-folder.ts";
import { folderSpecials } from "./folder-specials.ts";
import { folderTokenizer, readFolderFiles } from "./folder-vocabulary.ts";
import { hashFiles } from "./hash-files.ts";
import { isFolderModel } from "./is-folder-model.ts";
import { readPooling } from "./pooling.ts";
import { statIfThere } from "./stat-if-there.ts";

/** What lies under a path before any weight is read: vocabulary, special tokens, template, and the checkpoint that the open network takes. */
export interface ModelSource {
  /** Of the file, or of the folder. */
  file: string;
  bytes: number;
  tokenizer: Tokenizer;
  specials: LocalRun["specials"];
  eos?: string;
  markers: string[];
  template?: string;
  decoderStart?: SpecialToken;
  sourceEnd?: SpecialToken;
  /** The type of most bytes, e.g. `Q4_1`, `BF16`. */
  quantization?: string;
  /** Rows of embeddings beyond the vocabulary are padding in checkpoints, and a contradiction in GGUF files. */
  mayBePadded: boolean;
  /** Of an encoder: how a text's vector is made of its states. */
  pooling(trained: { width: number; trainedContext: number }): EmbeddingInfo;
  /** Opened for whoever closes it. */
  checkpoint(): { checkpoint: Checkpoint; architecture: Architecture };
  sha256(): Promise<string>;
}

/** @throws `model-not-found`, `no-tokenizer`, `bad-gguf`, `bad-model`, and what the tokenizer's reader refuses */
export function openSource(path: string): ModelSource {
  return isFolderModel(path) ? folderSource(folderOf(path)) : ggufSource(path);
}

function ggufSource(path: string): ModelSource {
  const file = basename(path);
  const stats = statIfThere(path);
  if (!stats?.isFile()) throw new CutawayError("model-not-found", `${path}: no such file`, { fix: "Check the path.", data: { path } });
  const { metadata, description } = readHeader(path);
  const tokenizer = fromGguf(metadata, file);
  const template = metadata.get("tokenizer.chat_template");
  const eos = metadata.get("tokenizer.ggml.eos_token_id");
  const quantization = description.tensorTypes[0]?.type;
  return {
    file,
    bytes: stats.size,
    tokenizer,
    specials: ggufSpecials(metadata, file),
    markers: description.template?.markers ?? [],
    ...(typeof template === "string" && { template }),
    ...(typeof eos === "number" && eos < tokenizer.vocabSize && { eos: tokenizer.decode([eos]) }),
    ...(quantization !== undefined && { quantization }),
    mayBePadded: false,
    pooling: ({ width, trainedContext }) => ({
      size: width,
      pooling: metadata.get(`${metadata.get("general.architecture")}.pooling_type`) === ggufCls ? "cls" : "mean",
      normalized: true, // no key says so; llama.cpp does it to every file
      longest: trainedContext,
    }),
    checkpoint: () => withArchitecture(openGgufCheckpoint(path)),
    sha256: () => hashFile(path),
  };
}

/** source  llama.cpp, `llama_pooling_type` */
const ggufCls = 2;

function readHeader(path: string): { metadata: ReadonlyMap<string, GgufValue>; description: GgufDescription } {
  const source = openFile(path);
  try {
    const file = openGguf(source);
    return { metadata: file.metadata, description: describeGguf(file) };
  } finally {
    source.close();
  }
}

function folderSource(folder: string): ModelSource {
  const { checkpoint, architecture } = withArchitecture(openSafetensorsFolder(folder));
  try {
    const tokenizer = folderTokenizer(folder);
    const files = readFolderFiles(folder, checkpoint.config);
    const { shards } = shardsOf(folder);
    const paths = shards.map((shard) => join(folder, shard));
    const quantization = mostUsedType(checkpoint);
    return {
      file: files.name,
      bytes: paths.reduce((sum, one) => sum + statSync(one).size, 0),
      tokenizer,
      ...folderSpecials(files, tokenizer, architecture.kind),
      ...(files.template !== undefined && { template: files.template }),
      ...(quantization !== undefined && { quantization }),
      mayBePadded: true,
      pooling: (trained) => readPooling(folder, trained),
      checkpoint: () => withArchitecture(openSafetensorsFolder(folder)),
      sha256: () => hashFiles(paths),
    };
  } finally {
    checkpoint.close();
  }
}

function withArchitecture(checkpoint: Checkpoint): { checkpoint: Checkpoint; architecture: Architecture } {
  try {
    return { checkpoint, architecture: architectureOf(checkpoint.config.model_type, checkpoint.file) };
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

function mostUsedType({ tensors }: Checkpoint): string | undefined {
  const sizes = new Map<string, number>();
  for (const { type, shape } of tensors.values()) sizes.set(type, (sizes.get(type) ?? 0) + shape.reduce((product, size) => product * size, 1));
  return [...sizes].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
