import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import type { Values } from "../open/open-runner.ts";
import { best, largest, rankOf } from "./next-token.ts";
import type { OpenModel, Reading } from "./open-model.ts";

/** What the model would answer if it stopped after a layer. */
export interface LensRow {
  /** −1: the embeddings, before any layer. */
  layer: number;
  /** By position asked for. */
  cells: LensCell[];
}

export interface LensCell {
  position: number;
  /** Most likely first. */
  top: { id: number; logprob: number }[];
  /** Of the token that the whole model holds likeliest there: its rank (0: first) and log probability after this layer. */
  answer: LensToken;
  /** The same of the token that was asked about. */
  followed?: LensToken;
}

export interface LensToken {
  id: number;
  rank: number;
  logprob: number;
}

export interface LensOptions {
  /** Default: the last one. */
  positions?: readonly number[];
  /** Tokens a cell. */
  top?: number;
  /** A token for each of the positions, whose rank is told too: what was said there, where the sampler did not take the likeliest. Undefined for none. */
  follow?: readonly (number | undefined)[];
}

/**
 * The logit lens: the residual stream after each layer, taken through the last norm and the unembedding.
 * What it shows is what the unembedding makes of a half-finished thought: early layers keep it in a form of their own.
 * source  nostalgebraist 2020, "interpreting GPT: the logit lens"
 */
export function logitLens(
  model: OpenModel,
  reading: Reading,
  { positions = [reading.ids.length - 1], top = 5, follow }: LensOptions = {},
): LensRow[] {
  const { layers, vocabSize } = model.dimensions;
  const head = headOf(model);
  const depths = Array.from({ length: layers + 1 }, (_, depth) => depth);
  const { outputs } = model.run(
    {
      key: "lens",
      plan: {},
      asked: positions,
      outputs: (network) => Object.fromEntries(depths.map((depth) => [`${depth}`, logprobsAt(network, head, depth, layers)])),
    },
    reading,
  );
  const last = outputs[`${layers}`] as Values;
  const answers = positions.map((_, row) => best(rowOf(last, row, vocabSize)));
  return depths.map((depth) => ({
    layer: depth - 1,
    cells: positions.map((position, row): LensCell => {
      const logprobs = rowOf(outputs[`${depth}`] as Values, row, vocabSize);
      const answer = answers[row] as number;
      const told = (id: number): LensToken => ({ id, rank: rankOf(logprobs, id), logprob: logprobs[id] as number });
      const followed = follow?.[row];
      return { position, top: largest(logprobs, top), answer: told(answer), ...(followed !== undefined && { followed: told(followed) }) };
    }),
  }));
}

type Head = (network: OpenNetwork, residual: Tensor) => Tensor;

function headOf({ architecture, config, file }: OpenModel): Head {
  const { head } = architecture;
  if (!head) throw new Error(`${file} is an encoder: it has no next token`);
  return (network, residual) => head(network, config, residual);
}

/** The stream before layer `depth`, or after the last. */
function logprobsAt(network: OpenNetwork, head: Head, depth: number, layers: number): Tensor {
  const prefix = network.values.has("decoder.blocks.0.hook_resid_pre") ? "decoder." : "";
  const hook = depth === layers ? `${prefix}blocks.${layers - 1}.hook_resid_post` : `${prefix}blocks.${depth}.hook_resid_pre`;
  return network.g.logSoftmax(head(network, network.value(hook)));
}

const rowOf = ({ data }: Values, row: number, width: number): Float32Array => data.subarray(row * width, (row + 1) * width);
