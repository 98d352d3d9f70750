import { fromTokenizerJson } from "../from-tokenizer-json.ts";
import { breath, refuseIfAborted } from "./steps.ts";
import type { TrainedBpe } from "./train-bpe.ts";
import { bad } from "./training-options.ts";

export interface SweepOptions {
  /** Texts that were not trained on. */
  heldOut: readonly string[];
  /** Words and phrases whose tokens are counted, each as it stands behind a space. */
  terms?: readonly string[];
  signal?: AbortSignal;
}

/** One vocabulary size of a sweep. */
export interface SweepRow {
  vocabSize: number;
  /** Of the held-out texts; absent without any. */
  tokens?: number;
  /** UTF-8 bytes of the held-out texts ÷ their tokens: higher is shorter. */
  bytesPerToken?: number;
  /** The mean over the terms; absent without any. */
  tokensPerTerm?: number;
}

/**
 * What each vocabulary size would give, from one training: smaller vocabularies are its first merges. Sizes beyond the trained one, or twice the same,
 * are left out; the rows come smallest first.
 */
export async function sweepVocabSizes(trained: TrainedBpe, sizes: readonly number[], options: SweepOptions): Promise<SweepRow[]> {
  const { heldOut, terms = [], signal } = options;
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 1);
  if (wrong !== undefined) throw bad(`a sweep over the size ${wrong}`, "Give whole numbers.");
  const bytes = heldOut.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  const rows: SweepRow[] = [];
  for (const size of [...new Set(sizes)].toSorted((a, b) => a - b)) {
    if (size > trained.vocabSize) break;
    refuseIfAborted(signal);
    const tokenizer = fromTokenizerJson(trained.atVocabSize(size).json, `${size} tokens`);
    const count = (text: string) => tokenizer.count(text, { disallowedSpecial: "as-text" });
    const total = (texts: readonly string[]) => texts.reduce((sum, text) => sum + count(text), 0);
    const tokens = total(heldOut);
    rows.push({
      vocabSize: size,
      ...(tokens > 0 && { tokens, bytesPerToken: bytes / tokens }),
      ...(terms.length > 0 && { tokensPerTerm: total(terms.map((term) => ` ${term}`)) / terms.length }),
    });
    await breath();
  }
  return rows;
}
