import type { OnnxModel } from "@cutaway/formats";
import koffi from "koffi";

/** Where glibc starts to map blocks one by one, before it moves that limit by itself. Smaller tensors are left to the garbage collector. */
const largeBytes = 128 * 1024;

/**
 * Gives back at once what building a session took: the model's large tensors, of which ONNX Runtime has its own, and what the C library keeps of
 * freed memory for later. The model cannot be used any more, and none of its tensors may share memory with what still is.
 *
 * Is it safe? A block of this size is a mapping of its own, gone when it is freed: if ONNX Runtime looked at one later, the first run of any model
 * would end the process. `malloc_trim` and `mallopt` take the C library's own locks.
 */
export function returnMemory(model: OnnxModel): void {
  for (const { data } of model.graph.initializers) {
    if (data instanceof Uint8Array && data.length >= largeBytes && data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
  }
  returnFreed();
}

/** Gives back what the C library keeps of freed memory for later, of all threads. Takes some milliseconds, with the faults that follow. */
export const returnFreed = (): void => glibc?.trim();

/**
 * From now on every large block of memory is its own mapping: it goes back to the operating system when it is freed, and a cache of zeros takes
 * memory only where it is written. glibc would else move its limit up to 32 MB as blocks are freed. Half of what a loaded model holds otherwise.
 */
export function mapLargeBlocks(): void {
  glibc?.setMapThreshold(largeBytes);
}

const glibc = glibcFunctions();

/** Other C libraries have neither function. `library` is returned to be referenced: collected, it would be unloaded, and its functions with it. */
function glibcFunctions(): { library: unknown; trim(): void; setMapThreshold(bytes: number): void } | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const library = koffi.load(null);
    const trim = library.func("int malloc_trim(size_t pad)");
    const option = library.func("int mallopt(int parameter, int value)");
    const mapThreshold = -3;
    return { library, trim: () => void trim(0), setMapThreshold: (bytes) => void option(mapThreshold, bytes) };
  } catch {
    return undefined;
  }
}
