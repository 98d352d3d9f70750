import type { Values } from "../open/open-runner.ts";
import type { OpenModel, Reading } from "./open-model.ts";

/** The values at some hooks while a text is read, unchanged. */
export function readHooks(model: OpenModel, reading: Reading, hooks: readonly string[]): ReadonlyMap<string, Values> {
  const wanted = new Set(hooks);
  const last = lastOf(model, reading);
  return model.run(
    {
      key: `read ${[...wanted].join(" ")}`,
      plan: { isProbed: (hook) => wanted.has(hook) },
      asked: last,
      outputs(network) {
        for (const hook of wanted) network.value(hook); // an unknown one is named here
        return {};
      },
    },
    reading,
  ).hooks;
}

const lastOf = (model: OpenModel, { ids }: Reading): number[] => (model.architecture.kind === "encoder" ? [] : [ids.length - 1]);

/** `hook` of every layer: `blocks.N.` before it, of an encoder–decoder the decoder's unless said otherwise. */
export function layerHooks(model: OpenModel, hook: string, side: "encoder" | "decoder" = "decoder"): string[] {
  const { architecture, dimensions } = model;
  const isPair = architecture.kind === "encoder-decoder";
  const count = isPair && side === "encoder" ? (dimensions.encoderLayers ?? dimensions.layers) : dimensions.layers;
  return Array.from({ length: count }, (_, layer) => `${isPair ? `${side}.` : ""}blocks.${layer}.${hook}`);
}
