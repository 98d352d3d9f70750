import type { Values } from "../open/open-runner.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { layerHooks, readHooks } from "./read-hooks.ts";

/** Lengths (Euclidean) of one layer's stream and of what it adds to it, by token. */
export interface LayerNorms {
  layer: number;
  stream: number[];
  attention: number[];
  mlp: number[];
}

/** How large the stream is after each layer, and what each layer adds. A first token that dwarfs all others is where an attention sink rests. */
export function residualNorms(model: OpenModel, reading: Reading, side?: "encoder" | "decoder"): LayerNorms[] {
  const [after, attention, mlp] = (["hook_resid_post", "hook_attn_out", "hook_mlp_out"] as const).map((hook) => layerHooks(model, hook, side)) as [
    string[],
    string[],
    string[],
  ];
  const values = readHooks(model, reading, [...after, ...attention, ...mlp]);
  const lengths = (hook: string | undefined) => lengthsOf(values.get(hook as string) as Values);
  return after.map((hook, layer) => ({ layer, stream: lengths(hook), attention: lengths(attention[layer]), mlp: lengths(mlp[layer]) }));
}

/** Of values [1, tokens, width]. */
function lengthsOf({ shape: [, tokens = 0, width = 0], data }: Values): number[] {
  return Array.from({ length: tokens }, (_, token) => Math.hypot(...data.subarray(token * width, (token + 1) * width)));
}
