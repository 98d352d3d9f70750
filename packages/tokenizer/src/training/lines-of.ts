import type { TrainingTexts } from "./count-pieces.ts";

/** The lines of each text, with their ends. */
export async function* linesOf(texts: TrainingTexts): AsyncGenerator<string> {
  for await (const text of texts) {
    for (let start = 0; start < text.length; ) {
      const found = text.indexOf("\n", start);
      const end = found < 0 ? text.length : found + 1;
      yield text.slice(start, end);
      start = end;
    }
  }
}
