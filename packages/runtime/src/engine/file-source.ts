import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "@cutaway/formats";

/** The operating system's calls take up to 2 GiB. */
const mostAtOnce = 1 << 30;

/** A file as random-access bytes, open until `close`. @throws the operating system's own error where it does not open. */
export function openFile(path: string): ByteSource & { close(): void } {
  const descriptor = openSync(path, "r");
  let isOpen = true;
  return {
    size: fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = readSync(descriptor, bytes, done, Math.min(length - done, mostAtOnce), offset + done);
        if (count === 0) break; // shorter than it was: the reader of the format says so
        done += count;
      }
      return bytes.subarray(0, done);
    },
    close() {
      if (isOpen) closeSync(descriptor); // another file may have its number by now
      isOpen = false;
    },
  };
}
