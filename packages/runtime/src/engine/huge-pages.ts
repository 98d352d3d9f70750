import koffi from "koffi";

/**
 * Asks for pages of 2 MB under a range of memory that is not written yet, where the system has them to give: weights are read from end to end at every
 * token, and with pages of 4 KB a fifth of that time goes into finding them. Not for what is written in places only: every page counts whole.
 */
export function useHugePages(bytes: Uint8Array<ArrayBufferLike>): void {
  linux?.advise(koffi.address(bytes), bytes.byteLength, hugePages);
}

/** MADV_HUGEPAGE of madvise(2). */
const hugePages = 14;

const linux = memoryAdvice();

/** `library` is returned to be referenced: collected, it would be unloaded, and its function with it. */
function memoryAdvice(): { library: unknown; advise(address: bigint, bytes: number, advice: number): void } | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const library = koffi.load(null);
    return { library, advise: library.func("int madvise(void *address, size_t bytes, int advice)") };
  } catch {
    return undefined;
  }
}
