import { Utf8Buffer } from "../bpe/utf8-buffer.ts";
import { Utf16Cursor } from "../utf16-cursor.ts";
import type { SentenceNormalizer } from "./normalize-sentence.ts";
import type { Prepare } from "./text-preparation.ts";

/** A stretch as SentencePiece prepares a sentence: normalised as a whole, one piece. */
export function prepareSentence(normalizer: SentenceNormalizer, step: string): Prepare {
  const source = new Utf8Buffer();
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return (stretch, keepOrigins) => {
    source.fill(stretch.text);
    normalizer.run(source.bytes, source.length, keepOrigins);
    return {
      bytes: normalizer.bytes,
      view: normalizer.view,
      length: normalizer.length,
      spans() {
        const cursor = new Utf16Cursor(source);
        return (start, end) => {
          const { from, to } = normalizer.originOf(start, end);
          return stretch.origin(cursor.span(from, to));
        };
      },
      steps: () => [...stretch.steps, { step, text: utf8.decode(normalizer.bytes.subarray(0, normalizer.length)) }],
    };
  };
}
