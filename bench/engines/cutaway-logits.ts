import { loadEngine } from "@cutaway/runtime";
import { argumentsOf, sendLogits } from "./logits-protocol.ts";

/** Logits of Cutaway's own engine for every position of some windows of tokens. */
const { model, threads, windows } = argumentsOf();
const engine = await loadEngine(model, { threads, contextSize: 1024 });
for (const window of windows) for await (const logits of engine.logitsOf(window)) await sendLogits(logits.slice());
engine.close();
