import { basename } from "node:path";
import { type JsonObject, plain } from "@cutaway/core";
import { dequantize, type GgufFile, type GgufTensor, type GgufValue, openGguf } from "@cutaway/formats";
import { openFile } from "../engine/file-source.ts";
import { badModel } from "../engine/unsupported-model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type GgufNames, ggufArchitectures } from "./gguf-names.ts";

/**
 * A GGUF file as a Hugging Face checkpoint: names, configuration and layout turned back to what the converter was given.
 * @throws `bad-gguf`, `unsupported-model`
 */
export function openGgufCheckpoint(path: string): Checkpoint {
  const source = openFile(path);
  try {
    const gguf = openGguf(source);
    return { ...ggufCheckpoint(gguf, basename(path)), close: () => source.close() };
  } catch (error) {
    source.close();
    throw error;
  }
}

function ggufCheckpoint(gguf: GgufFile, file: string): Omit<Checkpoint, "close"> {
  const names = ggufArchitectures(gguf.metadata.get("general.architecture"), file);
  const config = configOf(gguf, names);
  const tensors = new Map<string, { shape: readonly number[]; type: string; tensor: GgufTensor }>();
  for (const tensor of gguf.tensors.values()) {
    const name = names.tensor(tensor.name);
    if (name === undefined) continue;
    const shape = names.isTransposed?.(name) ? tensor.shape : tensor.shape.toReversed();
    tensors.set(name, { shape: shape.length === 0 ? [1] : shape, type: tensor.type, tensor });
  }
  return {
    file,
    config,
    tensors,
    floats(name) {
      const found = tensors.get(name);
      if (!found) throw badModel(`${file}: tensor ${name} is missing`, { tensor: name, file });
      const { tensor, shape } = found;
      const count = shape.reduce((product, size) => product * size, 1);
      return names.restore(name, dequantize(tensor.type, gguf.read(tensor), count), shape, config);
    },
  };
}

function configOf({ metadata, tensors }: GgufFile, names: GgufNames): JsonObject {
  const architecture = metadata.get("general.architecture") as string;
  const value = (key: string): GgufValue | undefined => metadata.get(`${architecture}.${key}`);
  const fields: Record<string, unknown> = { model_type: names.modelType, ...names.fixed };
  for (const [field, key] of Object.entries(names.config)) fields[field] = numberOrText(value(key));
  const rows = tensors.get("token_embd.weight")?.shape[1];
  fields.vocab_size = rows;
  fields.tie_word_embeddings = !tensors.has("output.weight");
  names.derive?.(fields, value, metadata);
  return plain(fields) as JsonObject;
}

/** Lists (a value a layer) and truth values are no numbers of a configuration: what needs them says so. */
const numberOrText = (value: GgufValue | undefined): number | string | undefined =>
  typeof value === "number" || typeof value === "string" ? value : undefined;
