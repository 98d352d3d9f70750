import type { Tokenizer } from "@cutaway/core";

/** Tokens, one after the other, into text that never ends inside a character. */
export interface StreamDecoder {
  /** The text that this token completes; empty while a character's bytes are still missing. An id outside the vocabulary has no bytes. */
  push(id: number): string;
  /** What is left: U+FFFD for a character that was never completed, as `decode` of all tokens gives. */
  end(): string;
}

/** With `family` and `decode`, tokenizers whose text is more than the bytes of their tokens (SentencePiece, WordPiece) are decoded as `decode` does it. */
export function streamDecoder(tokenizer: Pick<Tokenizer, "bytesOf"> & Partial<Pick<Tokenizer, "family" | "decode">>): StreamDecoder {
  const { family, decode } = tokenizer;
  const isJoined = family === "sentencepiece-bpe" || family === "unigram" || family === "wordpiece";
  return isJoined && decode ? joiningDecoder(tokenizer.bytesOf.bind(tokenizer), decode.bind(tokenizer)) : byteDecoder(tokenizer);
}

function byteDecoder(tokenizer: Pick<Tokenizer, "bytesOf">): StreamDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push: (id) => utf8.decode(tokenizer.bytesOf(id), { stream: true }),
    end: () => utf8.decode(),
  };
}

/** Tokens that may be waited for; no character has so many bytes. */
const mostWaiting = 64;

/** A token's text depends on the token before it: it is what it adds to the text of those before. */
function joiningDecoder(bytesOf: Tokenizer["bytesOf"], decode: Tokenizer["decode"]): StreamDecoder {
  /** Tokens with text, of which that was the last to be given out, and those after them. */
  let told: number[] = [];
  let waiting: number[] = [];
  const added = () => decode([...told, ...waiting]).slice(decode(told).length);
  return {
    push(id) {
      if (!bytesOf(id)) return "";
      waiting.push(id);
      const text = added();
      if (text === "" || (text.endsWith("\ufffd") && waiting.length < mostWaiting)) return "";
      told = waiting;
      waiting = [];
      return text;
    },
    end() {
      const text = waiting.length === 0 ? "" : added();
      told = [];
      waiting = [];
      return text;
    },
  };
}
