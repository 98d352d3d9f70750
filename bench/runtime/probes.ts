import { loadEngine } from "@cutaway/runtime";
import { argmax, medianOf, runtimeTask } from "./task.ts";

/** What reading every residual stream and attention pattern adds to a token: with and without in turn, at the same position. */
const task = runtimeTask();
const engine = await loadEngine(task.model, { threads: task.threads, contextSize: task.contextSize, probes: true });
const stepper = engine.stepper();
const hooks = Array.from({ length: engine.config.layers }, (_, layer) =>
  ["hook_resid_pre", "hook_resid_mid", "hook_resid_post", "attn.hook_pattern"].map((part) => `blocks.${layer}.${part}`),
).flat();
let token = argmax(await stepper.feed(task.ids.slice(0, task.contexts[0])));
const [plain, probed]: [number[], number[]] = [[], []];
let different = 0;
for (let i = 0; i < task.decode; i++) {
  const position = stepper.length;
  const times = async (run: () => Promise<Float32Array>) => {
    const started = performance.now();
    const logits = await run();
    return { ms: performance.now() - started, logits: logits.slice() };
  };
  const without = await times(() => stepper.feed([token]));
  stepper.truncate(position);
  const withAll = await times(async () => (await stepper.feedProbed([token], hooks)).logits);
  plain.push(without.ms);
  probed.push(withAll.ms);
  if (without.logits.some((logit, at) => logit !== withAll.logits[at])) different++;
  token = argmax(withAll.logits);
}
process.stdout.write(JSON.stringify({ plainMs: medianOf(plain), probedMs: medianOf(probed), hooks: hooks.length, different }));
stepper.close();
engine.close();
