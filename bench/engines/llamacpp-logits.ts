import { openLlama } from "./llama-library.ts";
import { argumentsOf, sendLogits, sendLogprob } from "./logits-protocol.ts";

/** What llama.cpp gives for every position of some windows of tokens, evaluated as batches, as a prompt is. */
const { model, threads, windows, wanted } = argumentsOf();
/** Logits of a batch are in memory at once: 64 rows of Gemma's vocabulary are 67 MB. */
const batchTokens = 64;
const llama = openLlama(model, { threads, contextSize: 1024 });
for (const window of windows) {
  llama.clear();
  for (let start = 0; start < window.length; start += batchTokens) {
    for (const [at, logits] of llama.feed(window.slice(start, start + batchTokens)).entries()) {
      const next = window[start + at + 1];
      if (wanted === "logits") await sendLogits(logits);
      else if (next !== undefined) await sendLogprob(logits, next);
    }
  }
}
llama.close();
