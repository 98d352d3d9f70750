import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { CutawayError } from "@cutaway/core";
import type { ByteSource } from "@cutaway/formats";

/** A file as random access bytes; every read is a copy. Open until closed. */
export interface FileSource extends ByteSource {
  close(): void;
}

export function openFileSource(path: string): FileSource {
  const file = openSync(path, "r");
  return {
    size: fstatSync(file).size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const came = readSync(file, bytes, at, length - at, offset + at);
        if (came === 0)
          throw new CutawayError("file-cut", `${path} ends at byte ${offset + at}; it became shorter while it was read`, { data: { path } });
        at += came;
      }
      return bytes;
    },
    close: () => closeSync(file),
  };
}
