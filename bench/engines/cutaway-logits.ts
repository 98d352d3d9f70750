import { loadEngine } from "@cutaway/runtime";
import { argumentsOf, sendLogits } from "./logits-protocol.ts";

/**
 * Logits of Cutaway's own engine for every position of some windows of tokens, on the ways a call takes: the first tokens of a window as
 * texts are scored, then the same tokens as a prompt, and the rest after it one by one, as an answer is written.
 */
const promptTokens = 128;
const { model, threads, windows } = argumentsOf();
const engine = await loadEngine(model, { threads, contextSize: 1024 });
const stepper = engine.stepper();
for (const window of windows) {
  const prompt = window.slice(0, promptTokens);
  for await (const logits of engine.logitsOf(prompt)) await sendLogits(logits.slice());
  stepper.truncate(0);
  await stepper.feed(prompt);
  for (const id of window.slice(promptTokens)) await sendLogits((await stepper.feed([id])).slice());
}
engine.close();
