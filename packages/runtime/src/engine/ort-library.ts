import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CutawayError } from "@cutaway/core";
import koffi from "koffi";

/** An address in native memory; `null` is C's null. */
export type Pointer = bigint;
/** What a C function may take where it wants an address: the array's own bytes are passed, not a copy. */
export type Memory = Pointer | Uint8Array | Int32Array | BigInt64Array | BigUint64Array | Float32Array | null;

/**
 * The functions of ONNX Runtime's C API that the engine calls. All but the `Release…` and `Get…` ones answer with a status: null, or an error to be released.
 * source  include/onnxruntime/core/session/onnxruntime_c_api.h; functions are only ever appended to the table, so an index never changes.
 */
const functions = {
  GetErrorMessage: { index: 2, signature: "const char *(void *status)" },
  CreateEnv: { index: 3, signature: "void *(int severity, const char *id, _Out_ void **env)" },
  CreateSessionFromArray: { index: 8, signature: "void *(void *env, void *model, size_t bytes, void *options, _Out_ void **session)" },
  Run: {
    index: 9,
    signature:
      "void *(void *session, void *options, void *inputNames, void *inputs, size_t inputCount, void *outputNames, size_t outputCount, void *outputs)",
  },
  CreateSessionOptions: { index: 10, signature: "void *(_Out_ void **options)" },
  DisableMemPattern: { index: 17, signature: "void *(void *options)" },
  SetSessionGraphOptimizationLevel: { index: 23, signature: "void *(void *options, int level)" },
  SetIntraOpNumThreads: { index: 24, signature: "void *(void *options, int threads)" },
  SetInterOpNumThreads: { index: 25, signature: "void *(void *options, int threads)" },
  CreateRunOptions: { index: 39, signature: "void *(_Out_ void **options)" },
  CreateTensorWithDataAsOrtValue: {
    index: 49,
    signature: "void *(void *memoryInfo, void *data, size_t bytes, void *shape, size_t rank, int type, _Out_ void **value)",
  },
  CreateCpuMemoryInfo: { index: 69, signature: "void *(int allocator, int memory, _Out_ void **info)" },
  ReleaseStatus: { index: 93, signature: "void (void *status)" },
  ReleaseSession: { index: 95, signature: "void (void *session)" },
  ReleaseValue: { index: 96, signature: "void (void *value)" },
  ReleaseRunOptions: { index: 97, signature: "void (void *options)" },
  ReleaseSessionOptions: { index: 100, signature: "void (void *options)" },
  AddSessionConfigEntry: { index: 130, signature: "void *(void *options, const char *key, const char *value)" },
  AddRunConfigEntry: { index: 165, signature: "void *(void *options, const char *key, const char *value)" },
  AddExternalInitializersFromFilesInMemory: {
    index: 279,
    signature: "void *(void *options, void *names, void *buffers, void *sizes, size_t count)",
  },
} as const;

type FunctionName = keyof typeof functions;
type NativeFunction = (...parameters: (Memory | Pointer[] | (Pointer | null)[] | number | string)[]) => Pointer | string | null;

export interface OrtLibrary {
  /** E.g. `1.30.0`. */
  version: string;
  /** Calls a function of the C API. @throws `not-enough-memory`, `onnx-runtime-failed` with ONNX Runtime's own message. */
  call(name: FunctionName, ...parameters: Parameters<NativeFunction>): void;
  /** The same for a function whose last parameter is where it puts what it created. */
  create(name: FunctionName, ...parameters: Parameters<NativeFunction>): Pointer;
  env: Pointer;
  cpuMemory: Pointer;
}

/** The table of ORT_API_VERSION 23 (ONNX Runtime 1.23) holds all of the functions above. */
const apiVersion = 23;

let loaded: OrtLibrary | undefined;
/** Kept for good: a library whose handle is collected is unloaded under the functions that point into it. */
let handle: ReturnType<typeof koffi.load> | undefined;

/**
 * ONNX Runtime's C API, from the native library that the npm package onnxruntime-node brings.
 * Why not that package's own JavaScript: see docs/decisions/2026-11-22-engine.md.
 * @throws `no-onnx-runtime` where the library is missing or does not load.
 */
export function ortLibrary(): OrtLibrary {
  loaded ??= load();
  return loaded;
}

function load(): OrtLibrary {
  const file = libraryFile();
  useGqaWithoutFlash();
  let base: { getApi: (version: number) => Pointer | null; version: string };
  try {
    handle = koffi.load(file);
    const address: Pointer = handle.func("OrtGetApiBase", "void *", [])();
    const [getApi, getVersionString] = koffi.decode(address, "void *", 2) as [Pointer, Pointer];
    base = {
      getApi: koffi.decode(getApi, koffi.proto("void *(uint32_t version)")),
      version: koffi.decode(getVersionString, koffi.proto("const char *()"))(),
    };
  } catch (cause) {
    throw noOnnxRuntime(`ONNX Runtime's library ${file} does not load`, cause);
  }
  const table = base.getApi(apiVersion);
  if (table === null) throw noOnnxRuntime(`ONNX Runtime ${base.version} has no C API of version ${apiVersion}`);
  const natives = new Map<FunctionName, NativeFunction>();
  for (const [name, { index, signature }] of Object.entries(functions)) {
    const address = koffi.decode(table, index * 8, "void *") as Pointer;
    natives.set(name as FunctionName, koffi.decode(address, koffi.proto(signature)));
  }
  const call = (name: FunctionName, ...parameters: Parameters<NativeFunction>): void => {
    const status = natives.get(name)?.(...parameters);
    if (typeof status !== "bigint" || name.startsWith("Release")) return;
    const message = natives.get("GetErrorMessage")?.(status);
    natives.get("ReleaseStatus")?.(status);
    throw failed(name, String(message));
  };
  const create = (name: FunctionName, ...parameters: Parameters<NativeFunction>): Pointer => {
    const out: (Pointer | null)[] = [null];
    call(name, ...parameters, out);
    if (typeof out[0] !== "bigint") throw new CutawayError("onnx-runtime-failed", `ONNX Runtime, ${name}: nothing was created`, { kind: "internal" });
    return out[0];
  };
  return {
    version: base.version,
    call,
    create,
    env: create("CreateEnv", 3, "cutaway"), // 3: errors only
    cpuMemory: create("CreateCpuMemoryInfo", 0, 0), // device allocator, default memory
  };
}

function libraryFile(): string {
  const names: Partial<Record<NodeJS.Platform, string[]>> = {
    linux: ["libonnxruntime.so.1"],
    darwin: ["libonnxruntime.1.dylib", "libonnxruntime.dylib"],
    win32: ["onnxruntime.dll"],
  };
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  } catch (cause) {
    throw noOnnxRuntime("the npm package onnxruntime-node is not installed", cause);
  }
  const place = join(folder, "bin", "napi-v6", process.platform, process.arch);
  const file = (names[process.platform] ?? []).map((name) => join(place, name)).find((path) => existsSync(path));
  if (file !== undefined) return file;
  throw noOnnxRuntime(`onnxruntime-node brings no library for ${process.platform} on ${process.arch} (looked in ${place})`);
}

/**
 * Attention over a fp32 cache in place is faster without ONNX Runtime's flash variant (measured: the decision page).
 * It asks the process's own environment, of which `process.env` is only a copy inside a worker thread.
 */
function useGqaWithoutFlash(): void {
  const name = "ORT_GQA_DISABLE_FLASH_ATTENTION";
  if (process.platform === "win32") {
    koffi.load("kernel32.dll").func("bool SetEnvironmentVariableA(const char *name, const char *value)")(name, "1");
  } else {
    koffi.load(null).func("int setenv(const char *name, const char *value, int overwrite)")(name, "1", 0);
  }
}

function noOnnxRuntime(message: string, cause?: unknown): CutawayError {
  return new CutawayError("no-onnx-runtime", message, {
    fix: "Local models run on Linux, macOS (arm64) and Windows, x64 or arm64; there, run `npm install` again. Calls of remote models need none of it.",
    cause,
  });
}

/** Memory that could not be had reaches us only by what C++ calls it, or by the arena's own words. */
export function failed(name: string, message: string): CutawayError {
  const says = `ONNX Runtime, ${name}: ${message}`;
  if (!/bad_?alloc|failed to allocate memory/i.test(message)) return new CutawayError("onnx-runtime-failed", says, { kind: "internal" });
  return new CutawayError("not-enough-memory", `the memory does not suffice for the model (${says})`, {
    fix: "Close other programs, raise the limit (ulimit -v), or ask for a smaller context (--context-size).",
  });
}
