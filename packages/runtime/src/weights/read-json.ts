import { readFileSync, statSync } from "node:fs";
import { CutawayError, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import { badModel } from "../engine/unsupported-model.ts";

/** Bytes; the largest index of real shards has some ten million. */
const longest = 64 * 1024 * 1024;

/** A model's JSON file, which is one object. @throws `model-not-found` where it is not there, `bad-model` where it is no such thing; both name it */
export function readJsonFile(path: string): JsonObject {
  const found = readJsonFileIfThere(path);
  if (found) return found;
  throw new CutawayError("model-not-found", `${path}: no such file`, {
    fix: "Name a folder with config.json and model.safetensors, as the Hugging Face hub has it.",
    data: { path },
  });
}

export function readJsonFileIfThere(path: string): JsonObject | undefined {
  const value = readJson(path);
  if (value === undefined || isJsonObject(value)) return value;
  throw badModel(`${path} is not a JSON object`, { path });
}

export function readJsonListIfThere(path: string): JsonValue[] | undefined {
  const value = readJson(path);
  if (value === undefined || Array.isArray(value)) return value;
  throw badModel(`${path} is not a JSON list`, { path });
}

function readJson(path: string): JsonValue | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isFile()) throw badModel(`${path} is no file`, { path });
  if (stats.size > longest) throw badModel(`${path} has ${stats.size} bytes; ${longest} are believed`, { path, bytes: stats.size });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)));
  } catch (cause) {
    throw badModel(`${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { path });
  }
}
