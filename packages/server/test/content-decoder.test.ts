import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentDecoder } from "../src/recording/content-decoder.ts";

const encoders: [encoding: string | undefined, encode: (bytes: Uint8Array) => Uint8Array][] = [
  [undefined, (bytes) => bytes],
  ["identity", (bytes) => bytes],
  ["gzip", gzipSync],
  ["BR", brotliCompressSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["zstd", zstdCompressSync],
];

describe.each(encoders)("%s", (encoding, encode) => {
  test("decodes what was encoded, cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 2000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        async (text, cuts) => {
          const encoded = encode(new TextEncoder().encode(text));
          const decoder = contentDecoder(encoding, 1e6);
          const edges = [0, ...cuts.map((cut) => Math.floor(cut * encoded.length)).sort((a, b) => a - b), encoded.length];
          let decoded = "";
          const utf8 = new TextDecoder();
          for (let i = 1; i < edges.length; i++)
            decoded += utf8.decode(await decoder?.decode(encoded.subarray(edges[i - 1], edges[i])), { stream: true });
          expect(decoded).toBe(text.toWellFormed());
        },
      ),
      { numRuns: 30 },
    );
  });
});

test("a bomb is given up, broken bytes are an error, and an unknown encoding is not guessed", async () => {
  const bomb = contentDecoder("gzip", 1000);
  await expect(bomb?.decode(gzipSync(Buffer.alloc(1_000_000)))).rejects.toThrow("more than 1000 bytes");
  await expect(contentDecoder("gzip", 1000)?.decode(Buffer.from("not gzip at all"))).rejects.toThrow("incorrect header");
  expect(contentDecoder("aes128gcm", 1000)).toBeUndefined();
});
