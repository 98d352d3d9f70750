import { useHugePages } from "../huge-pages.ts";
import { mostPages, newSharedMemory, pageBytes, type SharedMemory } from "./step-kernels.ts";

/** Addresses begin at multiples of a cache line. */
export const alignment = 64;

/** Where kernels find everything: weights, caches and what is in between. Arrays over it stay valid when it grows. */
export class StepMemory {
  readonly shared: SharedMemory;
  /** Free ranges in order of their addresses, never side by side. */
  readonly #free: { start: number; end: number }[];
  readonly #sizes = new Map<number, number>();

  /** `bytes`: of what is soon put in and read whole again and again, the weights. There is room for more. */
  constructor(bytes = 0) {
    this.shared = newSharedMemory();
    this.#free = [{ start: alignment, end: pageBytes }];
    this.#grown(bytes);
    useHugePages(new Uint8Array(this.shared.buffer));
  }

  /** Room for so many bytes; what lies there is arbitrary. Undefined where the memory does not suffice. */
  allocate(bytes: number): number | undefined {
    const size = Math.ceil(bytes / alignment) * alignment;
    const range = this.#free.find(({ start, end }) => end - start >= size) ?? this.#grown(size);
    if (range === undefined) return undefined;
    const { start } = range;
    range.start += size;
    if (range.start === range.end) this.#free.splice(this.#free.indexOf(range), 1);
    this.#sizes.set(start, size);
    return start;
  }

  free(start: number): void {
    const size = this.#sizes.get(start);
    if (size === undefined) return;
    this.#sizes.delete(start);
    this.#give(start, start + size);
  }

  floats(start: number, count: number): Float32Array {
    return new Float32Array(this.shared.buffer, start, count);
  }

  /** Copies plain numbers in. */
  place(numbers: Float32Array): number | undefined {
    const start = this.allocate(numbers.byteLength);
    if (start !== undefined) this.floats(start, numbers.length).set(numbers);
    return start;
  }

  #grown(size: number): { start: number; end: number } | undefined {
    const before = this.shared.buffer.byteLength;
    const last = this.#free.at(-1);
    const missing = size - (last?.end === before ? last.end - last.start : 0);
    const pages = Math.ceil(Math.max(0, missing) / pageBytes);
    if (before / pageBytes + pages > mostPages) return undefined;
    try {
      this.shared.grow(pages);
    } catch {
      return undefined;
    }
    this.#give(before, before + pages * pageBytes);
    return this.#free.at(-1);
  }

  #give(start: number, end: number): void {
    const after = this.#free.findIndex((range) => range.start >= end);
    const at = after === -1 ? this.#free.length : after;
    const before = this.#free[at - 1];
    const next = this.#free[at];
    const range = before?.end === start ? before : { start, end };
    range.end = end;
    if (range !== before) this.#free.splice(at, 0, range);
    if (next?.start !== end) return;
    range.end = next.end;
    this.#free.splice(this.#free.indexOf(next), 1);
  }
}
