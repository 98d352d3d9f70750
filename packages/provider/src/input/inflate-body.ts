import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";

const maxOutputLength = 256 * 1024 * 1024;

/** A recorded body with its content encoding undone; as it is where it was decoded already or cannot be. */
export function inflateBody(body: Uint8Array, encoding: string | undefined): Uint8Array {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  try {
    if (isGzip) return new Uint8Array(gunzipSync(body, { maxOutputLength }));
    if (looksLikeText(body)) return body;
    if (encoding === "br") return new Uint8Array(brotliDecompressSync(body, { maxOutputLength }));
    if (encoding === "deflate") return new Uint8Array(inflateSync(body, { maxOutputLength }));
    if (encoding === "zstd") return new Uint8Array(zstdDecompressSync(body, { maxOutputLength }));
  } catch {
    return body;
  }
  return body;
}

const looksLikeText = (body: Uint8Array) => /^\s*[{["a-z:]/.test(String.fromCharCode(...body.subarray(0, 16))) && !body.subarray(0, 64).includes(0);
