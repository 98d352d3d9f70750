import type { Tokenizer } from "@cutaway/core";

/** Tokens, one after the other, into text that never ends inside a character. */
export interface StreamDecoder {
  /** The text that this token completes; empty while a character's bytes are still missing. An id outside the vocabulary has no bytes. */
  push(id: number): string;
  /** What is left: U+FFFD for a character that was never completed, as `decode` of all tokens gives. */
  end(): string;
}

export function streamDecoder(tokenizer: Pick<Tokenizer, "bytesOf">): StreamDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push: (id) => utf8.decode(tokenizer.bytesOf(id), { stream: true }),
    end: () => utf8.decode(),
  };
}
