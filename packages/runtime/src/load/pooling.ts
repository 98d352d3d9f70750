import { join } from "node:path";
import { isJsonObject, type JsonObject } from "@cutaway/core";
import { unsupportedModel } from "../engine/unsupported-model.ts";
import type { EmbeddingInfo } from "../model-info.ts";
import { readJsonFileIfThere, readJsonListIfThere } from "../weights/read-json.ts";

/** What the folders of modules.json are. The transformer itself is `path: ""`. */
const kinds = ["Transformer", "Pooling", "Normalize", "Dense"] as const;

/**
 * How a folder of sentence-transformers makes one vector of a text's states: modules.json lists the steps, and the pooling's own folder says which.
 * A folder without modules.json is a plain encoder: the mean of its states, as they are.
 * @throws `unsupported-model` for a step that is not built, naming it
 */
export function readPooling(folder: string, trained: { width: number; trainedContext: number }): EmbeddingInfo {
  const modules = readModules(folder);
  const pooling = modules.find(({ kind }) => kind === "Pooling");
  const config = pooling && readJsonFileIfThere(join(folder, pooling.path, "config.json"));
  const limit = readJsonFileIfThere(join(folder, "sentence_bert_config.json"))?.max_seq_length;
  return {
    size: trained.width,
    pooling: config ? poolingOf(config, folder) : "mean",
    normalized: modules.some(({ kind }) => kind === "Normalize"),
    longest: Math.min(trained.trainedContext, typeof limit === "number" && Number.isInteger(limit) && limit > 2 ? limit : trained.trainedContext),
  };
}

function readModules(folder: string): { kind: (typeof kinds)[number]; path: string }[] {
  return (readJsonListIfThere(join(folder, "modules.json")) ?? []).map((entry) => {
    const { type, path } = isJsonObject(entry) ? entry : {};
    const kind = kinds.find((one) => typeof type === "string" && type.endsWith(`.${one}`));
    const isPlain = typeof path === "string" && /^[\w.-]*$/.test(path) && path !== "..";
    if (kind !== undefined && kind !== "Dense" && isPlain) return { kind, path };
    throw unsupportedModel(
      `${folder}: modules.json lists ${JSON.stringify(type ?? null).slice(0, 100)}; Transformer, Pooling and Normalize are built`,
      {
        module: type ?? null,
      },
    );
  });
}

function poolingOf(config: JsonObject, folder: string): EmbeddingInfo["pooling"] {
  const newer = config.pooling_mode;
  if (newer === "mean" || newer === "cls" || newer === "max") return newer;
  const modes = Object.entries(config).filter(([name, value]) => /^pooling_mode_/.test(name) && value === true);
  const [mode] = modes.map(([name]) => name.slice("pooling_mode_".length));
  const known: Record<string, EmbeddingInfo["pooling"]> = { mean_tokens: "mean", cls_token: "cls", max_tokens: "max" };
  const found = mode !== undefined && modes.length === 1 && Object.hasOwn(known, mode) ? known[mode] : undefined;
  if (found) return found;
  const given = newer ?? (modes.map(([name]) => name).join(" and ") || "none");
  throw unsupportedModel(`${folder}: the pooling is ${JSON.stringify(given)}; mean, cls and max, one of them, are built`, { pooling: given });
}
