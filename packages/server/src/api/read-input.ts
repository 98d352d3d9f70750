import { CutawayError } from "@cutaway/core";
import type { Context } from "hono";

/** The bytes of a request to the API: what exceeds the limit is not read. throws `too-large`, with `fix` */
export async function readInput(context: Context, limit: number, fix: string): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of context.req.raw.body ?? []) {
    size += piece.length;
    if (size > limit) throw new CutawayError("too-large", `the text is larger than ${limit / 1024 / 1024} MB`, { fix });
    pieces.push(piece);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
