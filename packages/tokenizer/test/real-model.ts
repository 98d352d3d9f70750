import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ByteSource, type GgufValue, openGguf } from "@cutaway/formats";

/** SmolLM2-135M-Instruct as `cutaway models pull` keeps it; undefined where it is not on this machine. */
export const realModel: string | undefined = [process.env.CUTAWAY_MODELS ?? join(homedir(), ".cache", "cutaway", "models")]
  .map((folder) => join(folder, "smollm2-135m-instruct.gguf"))
  .find((path) => existsSync(path));

export function metadataOf(path: string): ReadonlyMap<string, GgufValue> {
  const file = openSync(path, "r");
  const source: ByteSource = {
    size: fstatSync(file).size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    },
  };
  try {
    return openGguf(source).metadata;
  } finally {
    closeSync(file);
  }
}
