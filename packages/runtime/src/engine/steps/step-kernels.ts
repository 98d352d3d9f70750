import { stepsWasm } from "./steps.wasm.ts";

/** What steps.wat exports; addresses are bytes, counts elements. */
export interface StepKernels {
  inputsFor8(x: number, count: number, into: number): void;
  inputsFor4(x: number, count: number, into: number): void;
  multiply8(weights: number, scales: number, sums: number, groups: number, blocks: number, x: number, y: number): void;
  multiply4(weights: number, scales: number, groups: number, blocks: number, x: number, y: number): void;
  multiply4WithMinima(weights: number, scales: number, groups: number, blocks: number, x: number, y: number): void;
  attend(q: number, keys: number, values: number, count: number, size: number, scale: number, scores: number, z: number): void;
  activate(gate: number, up: number, count: number, linear: number, cubic: number, into: number): void;
  norm(x: number, weight: number, count: number, epsilon: number, into: number): void;
  add(x: number, y: number, count: number): void;
  work(board: number, claim: number): void;
  finish(board: number): void;
}

/** A memory that several threads see. It has its address for good, however it grows. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** The part of WebAssembly used here: the language's own library does not know it, Node does. */
interface WebAssemblyLike {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyLike };

export const pageBytes = 65_536;

/** What a 32-bit address reaches: 4 GiB. */
export const mostPages = 65_536;

/** @throws RangeError where so large a range of addresses is not to be had */
export const newSharedMemory = (): SharedMemory => new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });

/** The kernels' module: threads share it. @throws WebAssembly's own error where the engine does not know relaxed vector instructions */
export const stepModule = (): object => new WebAssembly.Module(Buffer.from(stepsWasm, "base64"));

export const stepKernels = (module: object, memory: SharedMemory): StepKernels =>
  new WebAssembly.Instance(module, { host: { memory } }).exports as StepKernels;
