import { CutawayError } from "@cutaway/core";
import type { Values } from "../open/open-runner.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { layerHooks, readHooks } from "./read-hooks.ts";

/** Which experts a layer's router gave each token to. */
export interface LayerRouting {
  layer: number;
  experts: number;
  /** By token: those chosen with their weights (together 1), heaviest first. */
  tokens: { expert: number; weight: number }[][];
  /** By expert: the share of all weight over these tokens. Even would be 1 / experts. */
  load: number[];
}

/** @throws `no-experts`, where the model has none */
export function routing(model: OpenModel, reading: Reading): LayerRouting[] {
  if (model.config.get("num_local_experts") === undefined) {
    throw new CutawayError("no-experts", `${model.file} has one MLP a layer and no experts: nothing is routed`, {
      fix: "Routing is seen in mixtures of experts such as Mixtral.",
    });
  }
  const hooks = layerHooks(model, "mlp.hook_expert_weights");
  const values = readHooks(model, reading, hooks);
  return hooks.map((hook, layer) => routesOf(layer, values.get(hook) as Values));
}

function routesOf(layer: number, { shape: [, tokens = 0, experts = 0], data }: Values): LayerRouting {
  const load = new Array<number>(experts).fill(0);
  const routes = Array.from({ length: tokens }, (_, token) => {
    const row = Array.from(data.subarray(token * experts, (token + 1) * experts), (weight, expert) => ({ expert, weight }));
    for (const { expert, weight } of row) load[expert] = (load[expert] as number) + weight / tokens;
    return row.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  });
  return { layer, experts, tokens: routes, load };
}
