import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import type { Values } from "../open/open-runner.ts";
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
  answer: { id: number; rank: number; logprob: number };
}

export interface LensOptions {
  /** Default: the last one. */
  positions?: readonly number[];
  /** Tokens a cell. */
  top?: number;
}

/**
 * The logit lens: the residual stream after each layer, taken through the last norm and the unembedding.
 * What it shows is what the unembedding makes of a half-finished thought: early layers keep it in a form of their own.
 * source  nostalgebraist 2020, "interpreting GPT: the logit lens"
 */
export function logitLens(model: OpenModel, reading: Reading, { positions = [reading.ids.length - 1], top = 5 }: LensOptions = {}): LensRow[] {
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
      return { position, top: largest(logprobs, top), answer: { id: answer, rank: rankOf(logprobs, answer), logprob: logprobs[answer] as number } };
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

function best(logprobs: Float32Array): number {
  let id = 0;
  for (let i = 1; i < logprobs.length; i++) if ((logprobs[i] as number) > (logprobs[id] as number)) id = i;
  return id;
}

function rankOf(logprobs: Float32Array, id: number): number {
  const own = logprobs[id] as number;
  let rank = 0;
  for (const [other, logprob] of logprobs.entries()) if (logprob > own || (logprob === own && other < id)) rank++;
  return rank;
}

/** The few largest, in order; of equals the lower id first. */
function largest(logprobs: Float32Array, count: number): LensCell["top"] {
  const found: LensCell["top"] = [];
  for (const [id, logprob] of logprobs.entries()) {
    if (found.length === count && logprob <= (found.at(-1)?.logprob as number)) continue;
    let at = found.length;
    while (at > 0 && (found[at - 1]?.logprob as number) < logprob) at--;
    found.splice(at, 0, { id, logprob });
    if (found.length > count) found.pop();
  }
  return found;
}
