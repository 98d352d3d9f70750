import { basename } from "node:path";
import { type JsonObject, plain } from "@cutaway/core";
import { type ByteSource, dequantize, type GgufFile, type GgufTensor, type GgufValue, openGguf } from "@cutaway/formats";
import { openFile } from "../engine/file-source.ts";
import { badModel } from "../engine/unsupported-model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type GgufNames, ggufArchitectures } from "./gguf-names.ts";
import { requireFinite } from "./require-finite.ts";

/**
 * A GGUF file as a Hugging Face checkpoint: names, configuration and layout turned back to what the converter was given.
 * @throws `bad-gguf`, `unsupported-model`
 */
export function openGgufCheckpoint(path: string): Checkpoint {
  const source = openFile(path);
  try {
    return { ...ggufCheckpoint(openGguf(source), source, basename(path)), close: () => source.close() };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** The same of a file that is open already; `source` is where its bytes come from. */
export function ggufCheckpoint(gguf: GgufFile, source: ByteSource, file: string): Omit<Checkpoint, "close"> {
  const names = ggufArchitectures(gguf.metadata.get("general.architecture"), file);
  const config = configOf(gguf, names);
  // What is kept for as long as the checkpoint is: not the metadata, most of which is the vocabulary.
  const architecture = gguf.metadata.get("general.architecture") as string;
  const { read } = gguf;
  const tensors = new Map<string, { shape: readonly number[]; type: string; tensor: GgufTensor }>();
  const unplaced: string[] = [];
  for (const tensor of gguf.tensors.values()) {
    const name = names.tensor(tensor.name);
    if (name === undefined) {
      if (tensor.name !== ropeFactors) unplaced.push(tensor.name);
      continue;
    }
    const shape = names.isTransposed?.(name) ? tensor.shape : tensor.shape.toReversed();
    tensors.set(name, { shape: shape.length === 0 ? [1] : shape, type: tensor.type, tensor });
  }
  const find = (name: string) => {
    const found = tensors.get(name);
    if (found) return found;
    const shown = nameLikeOthers(name, tensors) ?? name;
    throw badModel(`${file}: tensor ${shown} is missing`, { tensor: shown, file });
  };
  return {
    file,
    architecture,
    config,
    tensors,
    unplaced,
    tensorName: (name) => tensors.get(name)?.tensor.name ?? nameLikeOthers(name, tensors) ?? name,
    storedPairs: names.pairs ?? "halves",
    fieldName: (field) => `${architecture}.${names.config[field] ?? derivedFrom[field] ?? field}`,
    stored(name) {
      const { tensor } = find(name);
      return {
        name: tensor.name,
        type: tensor.type,
        byteLength: tensor.byteLength,
        read: (from = 0, length = tensor.byteLength - from) => source.read(tensor.offset + from, length),
      };
    },
    floats(name) {
      const { tensor, shape } = find(name);
      const count = shape.reduce((product, size) => product * size, 1);
      return names.restore(name, requireFinite(dequantize(tensor.type, read(tensor), count), tensor.name, file), shape, config);
    },
  };
}

/** Of a tensor that is missing, the file's name for it, after what it calls the same part of another layer. */
function nameLikeOthers(name: string, tensors: ReadonlyMap<string, { tensor: GgufTensor }>): string | undefined {
  const layer = /\.(\d+)\./.exec(name)?.[1];
  if (layer === undefined) return undefined;
  const alike = [...tensors].find(([other]) => other.replace(/\.\d+\./, `.${layer}.`) === name);
  return alike?.[1].tensor.name.replace(/\.\d+\./, `.${layer}.`);
}

/** Divides the speed of each rotated pair: Llama 3.1's stretching of positions, worked out by the converter. */
const ropeFactors = "rope_freqs.weight";

/** Keys of the fields that take more than one. */
const derivedFrom: Readonly<Record<string, string>> = { partial_rotary_factor: "rope.dimension_count", num_local_experts: "expert_count" };

function configOf(gguf: GgufFile, names: GgufNames): JsonObject {
  const { metadata, tensors } = gguf;
  const architecture = metadata.get("general.architecture") as string;
  const value = (key: string): GgufValue | undefined => metadata.get(`${architecture}.${key}`);
  const fields: Record<string, unknown> = { model_type: names.modelType, ...names.fixed };
  for (const [field, key] of Object.entries(names.config)) fields[field] = numberOrText(value(key));
  const rows = tensors.get("token_embd.weight")?.shape[1];
  fields.vocab_size = rows;
  fields.tie_word_embeddings = !tensors.has("output.weight");
  names.derive?.(fields, value, metadata);
  const factors = tensors.get(ropeFactors);
  if (factors) {
    const numbers = dequantize(factors.type, gguf.read(factors), factors.shape[0] ?? 0);
    fields.rope_scaling = { rope_type: "factors", factor: value("rope.scaling.factor") ?? 1, factors: Array.from(numbers) };
  }
  return plain(fields) as JsonObject;
}

/** Truth values are no part of these fields; a list (a value a layer) and a number that is none stay recognisable, for the reader to refuse. */
const numberOrText = (value: GgufValue | undefined): number | string | readonly number[] | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "object") return [];
  return typeof value === "string" ? value : undefined;
};
