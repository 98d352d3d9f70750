import { meanOverTokens, type RowChange } from "./changes.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import type { Pace } from "./pace.ts";
import { layerHooks, readHooks } from "./read-hooks.ts";
import { type Outcome, type Question, sweep } from "./sweep.ts";

export type AblationOf = "heads" | "layers" | "positions";

export interface AblationOptions {
  of: AblationOf;
  /** What takes a value's place: zeros, or its mean over the tokens of this text. Default `zero`. */
  set?: "zero" | "mean";
  /** Default: all. Not of positions. */
  layers?: readonly number[];
  pace?: Pace;
}

/** What the target loses when a part of the network is taken away. */
export interface Ablation {
  of: AblationOf;
  set: "zero" | "mean";
  target: Question;
  /** Nothing taken away. */
  base: Outcome;
  /** `change`: of the log probability, nats; below 0 the part spoke for the target. `part`: of a layer, its attention or its MLP. */
  cells: AblatedPart[];
}

export interface AblatedPart {
  layer?: number;
  head?: number;
  part?: "attention" | "mlp";
  position?: number;
  outcome: Outcome;
  change: number;
}

/**
 * Takes away one part after the other: each head's z; each layer's attention and MLP; each token's embedding.
 * source  Meyes et al. 2019, "Ablation Studies in Artificial Neural Networks", arXiv 1901.08644; Michel et al. 2019, arXiv 1905.10650 (heads)
 */
export async function ablate(
  model: OpenModel,
  reading: Reading,
  target: Question,
  { of, set = "zero", layers, pace }: AblationOptions,
): Promise<Ablation> {
  const parts = partsOf(model, reading, of, layers);
  const hooks = [...new Set(parts.map(({ change }) => change.hook))];
  const means = set === "mean" ? readHooks(model, reading, hooks) : new Map();
  const rows = parts.map(({ change }): RowChange[] => [{ ...change, ...(set === "mean" && { plus: meanOverTokens(means.get(change.hook)) }) }]);
  const [base, ...outcomes] = await sweep(model, reading, target, [[], ...rows], {
    key: `ablate ${of} ${hooks.join()}`,
    hooks,
    what: `taking away ${of}`,
    ...(pace && { pace }),
  });
  return {
    of,
    set,
    target,
    base: base as Outcome,
    cells: parts.map(({ change: _, ...place }, at) => {
      const outcome = outcomes[at] as Outcome;
      return { ...place, outcome, change: outcome.logprob - (base as Outcome).logprob };
    }),
  };
}

type Part = Omit<AblatedPart, "outcome" | "change"> & { change: RowChange };

function partsOf(model: OpenModel, reading: Reading, of: AblationOf, layers: readonly number[] = layersOf(model)): Part[] {
  const { heads } = model.dimensions;
  const at = (hook: string, layer: number) => layerHooks(model, hook)[layer] as string;
  switch (of) {
    case "heads":
      return layers.flatMap((layer) =>
        Array.from({ length: heads }, (_, head) => ({ layer, head, change: { hook: at("attn.hook_z", layer), heads: [head] } })),
      );
    case "layers":
      return layers.flatMap((layer) => [
        { layer, part: "attention" as const, change: { hook: at("hook_attn_out", layer) } },
        { layer, part: "mlp" as const, change: { hook: at("hook_mlp_out", layer) } },
      ]);
    case "positions": {
      const isPair = model.architecture.kind === "encoder-decoder";
      const read = isPair ? (reading.source ?? []) : reading.ids;
      const hook = isPair ? "encoder.hook_embed" : "hook_embed";
      return read.map((_, position) => ({ position, change: { hook, positions: [position] } }));
    }
  }
}

export const layersOf = ({ dimensions: { layers } }: OpenModel): number[] => Array.from({ length: layers }, (_, layer) => layer);
