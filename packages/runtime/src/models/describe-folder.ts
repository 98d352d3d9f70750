import { join } from "node:path";
import { isCutawayError } from "@cutaway/core";
import type { Dimensions } from "../architectures/architecture.ts";
import { architectureOf } from "../architectures/index.ts";
import { folderSpecials } from "../load/folder-specials.ts";
import { folderTokenizer, readFolderFiles } from "../load/folder-vocabulary.ts";
import { ConfigReader } from "../open/config-reader.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { openSafetensorsFolder } from "../weights/safetensors-folder.ts";
import type { GgufDescription } from "./describe-gguf.ts";

/**
 * What a model's folder says of itself: its configuration, the headers of its weights, and its tokenizer; the same as of a GGUF file's header.
 * An architecture that is not known is told by its name, without numbers.
 * @throws `model-not-found`, `bad-model`, `bad-safetensors`
 */
export function describeFolder(path: string): GgufDescription {
  const checkpoint = openSafetensorsFolder(path);
  try {
    const { config } = checkpoint;
    const tensorTypes = typesOf(checkpoint);
    const known = dimensionsOf(checkpoint);
    const weights = tensorTypes.reduce((sum, { bytes }) => sum + bytes, 0);
    const cache = known?.kind !== "encoder" && known ? 1000 * 4 * known.layers * known.kvHeads * 2 * known.headSize : undefined;
    return {
      ...(typeof config.model_type === "string" && { architecture: config.model_type.slice(0, 60) }),
      parameters: [...checkpoint.tensors.values()].reduce((sum, { shape, type }) => sum + (isFloat(type) ? countOf(shape) : 0), 0),
      tensorTypes,
      ...(known && {
        trainedContext: known.trainedContext,
        layers: known.layers,
        width: known.width,
        heads: known.heads,
        keyValueHeads: known.kvHeads,
      }),
      ...vocabularyOf(path, checkpoint, known?.kind ?? "decoder"),
      memory: { weights, ...(cache !== undefined && { cachePerThousandTokens: cache }) },
    };
  } finally {
    checkpoint.close();
  }
}

const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Integers in a checkpoint are positions and the like. */
const isFloat = (type: string): boolean => /^B?F/.test(type);

const bytesEach: Readonly<Record<string, number>> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, I16: 2 };

function typesOf({ tensors }: Checkpoint): GgufDescription["tensorTypes"] {
  const byType = new Map<string, { type: string; tensors: number; bytes: number }>();
  for (const { type, shape } of tensors.values()) {
    const row = byType.get(type) ?? { type, tensors: 0, bytes: 0 };
    row.tensors++;
    row.bytes += countOf(shape) * (bytesEach[type] ?? 1);
    byType.set(type, row);
  }
  return [...byType.values()].sort((a, b) => b.bytes - a.bytes);
}

function dimensionsOf({ config, file }: Checkpoint): (Dimensions & { kind: "decoder" | "encoder" | "encoder-decoder" }) | undefined {
  try {
    const architecture = architectureOf(config.model_type, file);
    return { ...architecture.dimensions(new ConfigReader(config, file)), kind: architecture.kind };
  } catch (error) {
    if (isCutawayError(error) && error.code === "unsupported-model") return undefined;
    throw error;
  }
}

/** A tokenizer that cannot be read is no reason to say nothing of the rest: opening the model says what is wrong with it. */
function vocabularyOf(
  path: string,
  { config }: Checkpoint,
  kind: "decoder" | "encoder" | "encoder-decoder",
): Pick<GgufDescription, "tokenizer" | "template"> {
  try {
    const tokenizer = folderTokenizer(path);
    const files = readFolderFiles(join(path), config);
    const { template } = files;
    return {
      tokenizer: { model: tokenizer.family, tokens: tokenizer.vocabSize },
      ...(template !== undefined && { template: { characters: template.length, markers: folderSpecials(files, tokenizer, kind).markers } }),
    };
  } catch (error) {
    if (isCutawayError(error)) return {};
    throw error;
  }
}
