import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CutawayError, isCutawayError, isJsonObject } from "@cutaway/core";
import { dequantize, openSafetensors, type SafetensorsFile, type SafetensorsTensor } from "@cutaway/formats";
import { openFile } from "../engine/file-source.ts";
import { badModel, unsupportedModel } from "../engine/unsupported-model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { readJsonFile } from "./read-json.ts";
import { requireFinite } from "./require-finite.ts";
import { textPartOf } from "./text-part.ts";

/** The folder that a path means: itself, or where the file lies. */
export const folderOf = (path: string): string => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path));

/**
 * A folder as the Hugging Face hub has it: config.json beside model.safetensors, or beside the shards that model.safetensors.index.json lists.
 * `path`: the folder, or a file in it. Weights of F32, F16 and BF16. Only headers are read, until numbers are asked for. Of a model that reads images too
 * it is the text network.
 * @throws `model-not-found`, `bad-model`, `bad-safetensors`, each naming the file and, where it is about one, the tensor
 */
export function openSafetensorsFolder(path: string): Checkpoint {
  const folder = folderOf(path);
  const config = readJsonFile(join(folder, "config.json"));
  const sources: { close(): void }[] = [];
  const tensors = new Map<string, SafetensorsTensor & { file: SafetensorsFile; shard: string }>();
  const { shards, index } = shardsOf(folder);
  try {
    for (const shard of shards) {
      const source = openShard(folder, shard);
      sources.push(source);
      const file = named(shard, () => openSafetensors(source));
      for (const [name, tensor] of file.tensors) {
        const before = tensors.get(name);
        if (before) throw badModel(`${shard}: tensor ${name} is in ${before.shard} too`, { tensor: name, file: shard });
        tensors.set(name, { ...tensor, file, shard });
      }
    }
    requireIndexed(index, tensors);
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
  const file = basename(folder);
  const find = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw badModel(`${file}: tensor ${name} is missing`, { tensor: name, file });
    const { type, shard } = tensor;
    if (type === "F32" || type === "F16" || type === "BF16") return { tensor, type };
    throw unsupportedModel(`${shard}: tensor ${name} is of type ${type}; F32, F16 and BF16 are read`, { tensor: name, type, file: shard });
  };
  const checkpoint: Checkpoint = {
    file,
    config,
    tensors,
    stored(name) {
      const { tensor, type } = find(name);
      const { shard, offset, byteLength } = tensor;
      return {
        name,
        type,
        byteLength,
        read: (from = 0, length = byteLength - from) =>
          named(shard, () => tensor.file.read({ ...tensor, offset: offset + from, byteLength: length })),
      };
    },
    floats(name) {
      const { tensor, type } = find(name);
      const { shape, shard } = tensor;
      const bytes = named(shard, () => tensor.file.read(tensor));
      const count = shape.reduce((product, size) => product * size, 1);
      return requireFinite(dequantize(type, bytes, count), name, shard);
    },
    close() {
      for (const source of sources) source.close();
    },
  };
  try {
    return textPartOf(checkpoint);
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** Files of weights of a folder, by name; `index`: which tensor should be in which. */
export function shardsOf(folder: string): { shards: string[]; index?: ReadonlyMap<string, string> } {
  const indexName = "model.safetensors.index.json";
  if (!isThere(join(folder, indexName))) {
    if (isThere(join(folder, "model.safetensors"))) return { shards: ["model.safetensors"] };
    throw new CutawayError("model-not-found", `${folder} holds no model.safetensors`, {
      fix: "Name a folder with config.json and model.safetensors (or its shards and their index).",
      data: { folder },
    });
  }
  const map = readJsonFile(join(folder, indexName)).weight_map;
  const index = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(isJsonObject(map) ? map : {})) {
    const isPlain = typeof shard === "string" && shard === basename(shard) && !/[\\/\0]/.test(shard) && shard.endsWith(".safetensors");
    if (!isPlain) {
      const given = (JSON.stringify(shard) ?? "nothing").slice(0, 100);
      throw badModel(`${indexName}: tensor ${tensor.slice(0, 200)} is said to be in ${given}, which is no .safetensors file of this folder`, {
        tensor,
        file: indexName,
      });
    }
    index.set(tensor, shard);
  }
  if (index.size === 0) throw badModel(`${indexName}: its weight_map lists no tensors`, { file: indexName });
  return { shards: [...new Set(index.values())], index };
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function openShard(folder: string, shard: string) {
  if (isThere(join(folder, shard))) return openFile(join(folder, shard));
  throw new CutawayError("model-not-found", `${join(folder, shard)}: no such file, and the index lists tensors in it`, {
    fix: "Download the missing file; all files that the index lists are needed.",
    data: { file: shard, folder },
  });
}

function requireIndexed(index: ReadonlyMap<string, string> | undefined, tensors: ReadonlyMap<string, { shard: string }>): void {
  for (const [name, shard] of index ?? []) {
    if (tensors.get(name)?.shard === shard) continue;
    throw badModel(`${shard}: tensor ${name.slice(0, 200)} is not in it, though the index says so`, { tensor: name, file: shard });
  }
}

/** What the format's reader has to say, with the file's name. */
function named<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!isCutawayError(error)) throw error;
    const { code, message, kind, fix, data } = error;
    throw new CutawayError(code, `${file}: ${message}`, { kind, data: { ...data, file }, cause: error, ...(fix !== undefined && { fix }) });
  }
}
