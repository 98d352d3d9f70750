import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CutawayError, isJsonObject, type JsonObject } from "@cutaway/core";
import { dequantize, openSafetensors, type SafetensorsFile, type SafetensorsTensor } from "@cutaway/formats";
import { openFile } from "../engine/file-source.ts";
import { badModel, unsupportedModel } from "../engine/unsupported-model.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * A folder as the Hugging Face hub has it: config.json beside model.safetensors, or beside the shards that model.safetensors.index.json lists.
 * `path`: the folder, or a file in it. Weights of F32, F16 and BF16.
 * @throws `model-not-found`, `bad-model`, `bad-safetensors`
 */
export function openSafetensorsFolder(path: string): Checkpoint {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
  const config = readJson(join(folder, "config.json"));
  const sources: { close(): void }[] = [];
  const tensors = new Map<string, SafetensorsTensor & { file: SafetensorsFile }>();
  try {
    for (const shard of shardsOf(folder)) {
      const source = openFile(join(folder, shard));
      sources.push(source);
      const file = openSafetensors(source);
      for (const [name, tensor] of file.tensors) {
        if (tensors.has(name)) throw badModel(`${shard}: tensor ${name} is in another shard too`, { tensor: name });
        tensors.set(name, { ...tensor, file });
      }
    }
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
  const file = basename(folder);
  return {
    file,
    config,
    tensors,
    floats(name) {
      const tensor = tensors.get(name);
      if (!tensor) throw badModel(`${file}: tensor ${name} is missing`, { tensor: name, file });
      const { type, shape } = tensor;
      if (type !== "F32" && type !== "F16" && type !== "BF16") {
        throw unsupportedModel(`${file}: tensor ${name} is of type ${type}; F32, F16 and BF16 are read`, { tensor: name, type });
      }
      return dequantize(
        type,
        tensor.file.read(tensor),
        shape.reduce((product, size) => product * size, 1),
      );
    },
    close() {
      for (const source of sources) source.close();
    },
  };
}

function shardsOf(folder: string): string[] {
  const index = join(folder, "model.safetensors.index.json");
  if (!existsSync(index)) {
    if (existsSync(join(folder, "model.safetensors"))) return ["model.safetensors"];
    throw new CutawayError("model-not-found", `${folder} holds no model.safetensors`, {
      fix: "Name a folder with config.json and model.safetensors (or its shards and their index).",
      data: { folder },
    });
  }
  const map = readJson(index).weight_map;
  const shards = [...new Set(Object.values(isJsonObject(map) ? map : {}))];
  const isPlain = (name: unknown): name is string => typeof name === "string" && name === basename(name) && name.endsWith(".safetensors");
  if (shards.length === 0 || !shards.every(isPlain)) throw badModel(`${index}: weight_map does not list files of this folder`);
  return shards;
}

function readJson(path: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CutawayError("model-not-found", `${path} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      fix: "Name a folder with config.json and model.safetensors.",
      data: { path },
      cause,
    });
  }
  if (isJsonObject(value)) return value;
  throw badModel(`${path} is not a JSON object`);
}
