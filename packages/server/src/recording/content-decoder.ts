import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";

/** Undoes `content-encoding`, for the recorder only. */
export interface ContentDecoder {
  /** The decoded bytes that these complete; a promise where the decoder works in another thread. Rejects when the encoding is broken. */
  decode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * encoding  the header's value: none, `identity`, `gzip`, `br`, `deflate`, `zstd`
 * limit     bytes decoded in all before it gives up: 1 MB of gzip can be 1 GB of zeros
 * @returns  undefined for an encoding not known here
 */
export function contentDecoder(encoding: string | undefined, limit: number): ContentDecoder | undefined {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") return { decode: (bytes) => bytes };
  if (name === "gzip" || name === "x-gzip") return throughStream(() => createGunzip(), limit);
  if (name === "br") return throughStream(() => createBrotliDecompress(), limit);
  if (name === "zstd") return throughStream(() => createZstdDecompress(), limit);
  if (name === "deflate") return throughStream((first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw()), limit);
  return undefined;
}

function throughStream(open: (firstByte: number) => Transform, limit: number): ContentDecoder {
  let stream: Transform | undefined;
  let failure: Error | undefined;
  let total = 0;
  let pieces: Uint8Array[] = [];
  let failPending = (_error: Error) => {};

  const fail = (error: Error) => {
    failure ??= error;
    failPending(failure);
  };
  const opened = (firstByte: number): Transform => {
    const made = open(firstByte);
    made.on("data", (piece: Uint8Array) => {
      total += piece.length;
      if (total <= limit) {
        pieces.push(piece);
        return;
      }
      fail(new Error(`more than ${limit} bytes after decoding`));
      made.destroy();
    });
    made.on("error", fail);
    return made;
  };

  return {
    decode: (bytes) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        const first = bytes[0];
        if (first === undefined) return resolve(bytes);
        failPending = reject; // a destroyed stream does not always call back
        stream ??= opened(first);
        stream.write(bytes, (error) => {
          if (error) return fail(error);
          const decoded = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
          pieces = [];
          resolve(decoded);
        });
      }),
  };
}
