import type { Values } from "../open/open-runner.ts";
import { type HeadReport, type PatternOptions, reportHeads } from "./attention-report.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { type Pace, unhurried } from "./pace.ts";
import { layerHooks, readHooks } from "./read-hooks.ts";

export type AttentionKind = "self" | "encoder" | "cross";

/** Bytes of patterns held at a time: a text of 1,024 tokens has 1.1 GB of them in a model of 30 layers with 9 heads. */
const patternBytes = 256 * 1024 * 1024;

/** The patterns [1, heads, queries, keys], layer by layer; a long text is read again for every few layers. */
export async function eachPattern(
  model: OpenModel,
  reading: Reading,
  { kind = "self", layers, pace = unhurried }: { kind?: AttentionKind; layers?: readonly number[] | undefined; pace?: Pace },
  take: (layer: number, pattern: Values) => void,
): Promise<void> {
  const hooks = layerHooks(model, `${kind === "cross" ? "cross_attn" : "attn"}.hook_pattern`, kind === "encoder" ? "encoder" : "decoder");
  const asked = layers ?? hooks.map((_, layer) => layer);
  const queries = kind === "encoder" ? (reading.source ?? reading.ids).length : reading.ids.length;
  const keys = kind === "self" ? queries : (reading.source ?? reading.ids).length;
  const atOnce = Math.max(1, Math.floor(patternBytes / (model.dimensions.heads * queries * keys * 4)));
  for (let from = 0; from < asked.length; from += atOnce) {
    await pace(from, asked.length, "reading attention");
    const part = asked.slice(from, from + atOnce);
    const values = readHooks(
      model,
      reading,
      part.map((layer) => hooks[layer] ?? `blocks.${layer}.attn.hook_pattern`),
    );
    for (const layer of part) take(layer, values.get(hooks[layer] as string) as Values);
  }
}

/** Every head of a model's own attention in numbers. */
export async function attentionReport(model: OpenModel, reading: Reading, options: PatternOptions, pace?: Pace): Promise<HeadReport[]> {
  const heads: HeadReport[] = [];
  await eachPattern(model, reading, { ...(pace && { pace }) }, (layer, pattern) => heads.push(...reportHeads(layer, pattern, options)));
  return heads;
}
