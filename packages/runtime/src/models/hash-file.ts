import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** SHA-256 of a file, lower-case hex; `onBytes` hears how many were read so far. */
export async function hashFile(path: string, { signal, onBytes }: { signal?: AbortSignal; onBytes?(bytes: number): void } = {}): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  return hash.digest("hex");
}
