import { loadEngine } from "@cutaway/runtime";
import { argumentsOf, sendLogits, sendLogprob } from "./logits-protocol.ts";

/**
 * What Cutaway's own engine gives for every position of some windows of tokens. Logits on the ways a call takes: the first tokens of a window as
 * texts are scored, then the same tokens as a prompt, and the rest after it one by one, as an answer is written. Log probabilities as texts are scored.
 */
const promptTokens = 128;
const { model, threads, windows, wanted } = argumentsOf();
const engine = await loadEngine(model, { threads, contextSize: 1024 });
if (wanted === "logprobs") {
  for (const window of windows) {
    let next = 1;
    for await (const logits of engine.logitsOf(window.slice(0, -1))) await sendLogprob(logits, window[next++] as number);
  }
} else {
  const stepper = engine.stepper();
  for (const window of windows) {
    const prompt = window.slice(0, promptTokens);
    for await (const logits of engine.logitsOf(prompt)) await sendLogits(logits);
    stepper.truncate(0);
    await stepper.feed(prompt);
    for (const id of window.slice(promptTokens)) await sendLogits(await stepper.feed([id]));
  }
}
engine.close();
