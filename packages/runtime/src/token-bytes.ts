import type { Tokenizer } from "@cutaway/core";

/**
 * The bytes of tokens, each in memory of its own: a view into the vocabulary would take the whole vocabulary along when it is sent to another thread.
 * An id that the vocabulary has no text for has no bytes.
 */
export function tokenBytes(tokenizer: Tokenizer): (id: number) => Uint8Array {
  const known = new Map<number, Uint8Array>();
  return (id) => {
    const before = known.get(id);
    if (before) return before;
    const bytes = tokenizer.bytesOf(id)?.slice() ?? new Uint8Array(0);
    known.set(id, bytes);
    return bytes;
  };
}
