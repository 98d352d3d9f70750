/**
 * A transformer from text to text, stage by stage: tokenise → embed → layers → logits → sample.
 *
 *   npx cutaway models pull smollm2-135m-instruct
 *   node --conditions=@cutaway/source examples/inside/walk-through.ts ["The capital of France is"]
 */
import { seededRandom } from "@cutaway/core";
import { localRequest, openLocalModel } from "@cutaway/runtime";
import { findModel } from "@cutaway/runtime/models";
import { createSampler } from "@cutaway/sampling";

const text = process.argv[2] ?? "The capital of France is";
const name = process.env.CUTAWAY_EXAMPLE_MODEL ?? "smollm2-135m-instruct";
const model = await openLocalModel(await findModel(name, { env: process.env }));
const tokenizer = model.tokenizer?.tokenizer;
if (!tokenizer) throw new Error(`${name} brings no tokenizer`);
const shown = (id: number) => JSON.stringify(tokenizer.decode([id]));
const percent = (logprob: number) => `${(100 * Math.exp(logprob)).toFixed(1)} %`;
const length = (numbers: Float32Array) => Math.hypot(...numbers);

// 1. Tokenise: the text becomes numbers of the vocabulary. No template here: the model goes on from the text as it is.
const request = localRequest({ model: name, messages: [{ role: "user", text }], local: { raw: true } });
console.log(`1 tokenise  ${JSON.stringify(text)}`);
const read = await model.probe({ request }, [
  { hook: "hook_embed" },
  { hook: "blocks.*.hook_attn_out" },
  { hook: "blocks.*.hook_mlp_out" },
  { hook: "blocks.*.hook_resid_post" },
]);
for (const { id } of read.tokens) console.log(`            ${String(id).padStart(6)}  ${shown(id)}`);

// 2. Embed: each number becomes a row of a table.
const [embedded] = read.values;
const [tokens = 0, width = 0] = embedded?.shape ?? [];
console.log(
  `2 embed     [${tokens} tokens, ${width} numbers], the last token's begin ${Array.from(embedded?.data.slice((tokens - 1) * width, (tokens - 1) * width + 4) ?? [], (x) => x.toFixed(3)).join(" ")} …`,
);

// 3. Layers: each adds to the stream what attention takes over from earlier tokens, and what the MLP makes of it.
const last = (hook: string) => {
  const data = read.values.find((value) => value.hook === hook)?.data ?? new Float32Array();
  return data.subarray((tokens - 1) * width, tokens * width);
};
const layers = read.values.filter(({ hook }) => hook.endsWith("hook_resid_post")).length;
const lens = await model.inspect("lens", { request }, { top: 1 });
console.log(`3 layers    of the last token: what attention and MLP add, the stream's length, what the model would say there`);
for (let layer = 0; layer < layers; layer++) {
  const at = `blocks.${layer}`;
  const [said] = lens.rows[layer + 1]?.cells[0]?.top ?? [];
  const added = [`${at}.hook_attn_out`, `${at}.hook_mlp_out`, `${at}.hook_resid_post`].map((hook) => length(last(hook)).toFixed(1).padStart(7));
  console.log(`            ${String(layer).padStart(2)} ${added.join(" ")}  ${said ? `${shown(said.id)} ${percent(said.logprob)}` : ""}`);
}

// 4. Logits: one number for every token of the vocabulary; softmax makes probabilities of them.
const logits = read.logits ?? new Float32Array();
const norm = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
const order = Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
console.log(`4 logits    [${logits.length}]`);
for (const id of order.slice(0, 5))
  console.log(`            ${(logits[id] ?? 0).toFixed(2).padStart(6)}  ${percent((logits[id] ?? 0) - norm).padStart(6)}  ${shown(id)}`);

// 5. Sample: temperature makes the distribution sharper, top-p cuts its tail, a seeded draw takes one token.
const sampler = createSampler({ temperature: 0.7, topP: 0.9 });
const { id } = sampler.choose(logits.slice(), [], seededRandom(7), 5);
console.log(`5 sample    temperature 0.7, top_p 0.9, seed 7: ${shown(id)}`);
console.log(`            ${text}${tokenizer.decode([id])}`);

await model.close();
