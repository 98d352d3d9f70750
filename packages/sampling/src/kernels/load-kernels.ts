import { kernelsWasm } from "./kernels.wasm.ts";

/** What kernels.wat exports; addresses and counts as it says there. */
export interface Kernels {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  maxima(scores: number, count: number, blocks: number, into: number): number;
  sums(scores: number, count: number, top: number, into: number): void;
  weights(scores: number, count: number, top: number, weights: number): void;
  nearness(scores: number, count: number, middle: number, keys: number): void;
  bins(keys: number, weights: number, count: number, high: number, scale: number, bins: number, last: number): void;
  pick(keys: number, weights: number, count: number, high: number, scale: number, which: number, last: number, to: number): number;
  moments(scores: number, count: number, origin: number, into: number): void;
  divide(scores: number, count: number, by: number): void;
  compact(scores: number, ids: number, count: number, line: number, first: 0 | 1): number;
}

/** The part of WebAssembly used here: the language's own library does not know it, a browser's and Node's do. */
interface WebAssemblyLike {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
}

const PAGE = 65_536;
let kernels: Kernels | undefined;
let isTried = false;

/**
 * The kernels with at least so much memory. Undefined where WebAssembly is missing, forbidden (a page's Content-Security-Policy) or without vectors.
 * Views on the memory end when it grows.
 */
export function loadKernels(bytes: number): Kernels | undefined {
  if (!isTried) kernels = instantiate();
  isTried = true;
  if (!kernels) return undefined;
  const missing = bytes - kernels.memory.buffer.byteLength;
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE));
  return kernels;
}

function instantiate(): Kernels | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyLike };
  if (!WebAssembly) return undefined;
  try {
    const bytes = Uint8Array.from(atob(kernelsWasm), (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Kernels;
  } catch {
    return undefined;
  }
}
