import { gradients } from "../open/gradients.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import type { Values } from "../open/open-runner.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import { refuseLongReading } from "./refuse-long-reading.ts";

/** What is explained: the logit of `token` at `position`, less that of `against` where one is given. */
export interface Target {
  position: number;
  token: number;
  against?: number;
}

/** How much each prompt token moved the target, by gradient × input at its embedding; the sum of it is no share of the logit (the model is not linear). */
export interface InputAttribution {
  target: number;
  /** By token of the reading (an encoder–decoder: of the source). */
  scores: number[];
  /** Of an encoder–decoder: by token of the decoder. */
  decoderScores?: number[];
}

/** source  Simonyan et al. 2013, arXiv 1312.6034; Shrikumar et al. 2016, arXiv 1605.01713 (gradient × input) */
export function attributeInput(model: OpenModel, reading: Reading, target: Target): InputAttribution {
  refuseLongReading(model, reading);
  const isPair = model.architecture.kind === "encoder-decoder";
  const hooks = isPair ? ["encoder.hook_embed", "decoder.hook_embed"] : ["hook_embed"];
  const { outputs } = model.run(
    {
      key: "attribute input",
      plan: {},
      asked: [target.position],
      outputs(network, logits) {
        const score = scoreOf(network, logits);
        const embeddings = hooks.map((hook) => network.value(hook));
        const parts = gradients(network.g, score, embeddings).map(
          (derivative, i) => derivative && alongLast(network, derivative, embeddings[i] as Tensor),
        );
        return { score, first: parts[0], second: parts[1] };
      },
    },
    reading,
    selectorOf(model, target),
  );
  const scores = Array.from(outputs.first?.data ?? []);
  return { target: outputs.score?.data[0] as number, scores, ...(outputs.second && { decoderScores: Array.from(outputs.second.data) }) };
}

/** What each part of the network added to the target's logit by itself, straight through the last norm. */
export interface LogitAttribution {
  target: number;
  /** In the order of the computation; they add up to the target, but for `rest` (biases of the last norm). */
  parts: { hook: string; layer?: number; score: number; heads?: number[] }[];
  rest: number;
}

/**
 * Direct logit attribution. The last norm's scale is taken as it was: through it, the target is a sum over everything that was ever added to the stream.
 * source  Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"; Nanda and Bloom 2022, TransformerLens
 */
export function attributeLogit(model: OpenModel, reading: Reading, target: Target): LogitAttribution {
  const { heads } = model.dimensions;
  const prefix = model.architecture.kind === "encoder-decoder" ? "decoder." : "";
  const parts = partsOf(model, prefix);
  const answer = model.run(
    {
      key: "attribute logit",
      plan: { frozenNorms: true, isProbed: (hook) => parts.some((part) => part.hook === hook) },
      asked: [target.position],
      outputs(network, logits) {
        const score = scoreOf(network, logits);
        const last = lastState(network);
        const [direction] = gradients(network.g, score, [last]);
        const fixed = network.g.detached(direction as Tensor);
        const byHead = parts.flatMap(({ hook, z }) => {
          if (z === undefined) return [];
          const added = network.g.sum(network.g.multiply(network.value(hook), fixed), [0, 1, 2]);
          const [derivative] = gradients(network.g, added, [network.value(z)]);
          return [[hook, derivative && alongLast(network, derivative, network.value(z))] as const];
        });
        return { score, direction, ...Object.fromEntries(byHead) };
      },
    },
    reading,
    selectorOf(model, target),
  );
  const outputs = answer.outputs as Record<string, Values | undefined>;
  const direction = outputs.direction as Values;
  const score = outputs.score?.data[0] as number;
  const found = parts.map(({ hook, layer }) => {
    const perHead = outputs[hook];
    return {
      hook,
      ...(layer !== undefined && { layer }),
      score: dot(answer.hooks.get(hook) as Values, direction),
      // [1, tokens, heads]: only the target's own token adds to its stream.
      ...(perHead && { heads: Array.from({ length: heads }, (_, head) => sumOver(perHead.data, head, heads)) }),
    };
  });
  return { target: score, parts: found, rest: score - found.reduce((sum, part) => sum + part.score, 0) };
}

interface StreamPart {
  hook: string;
  layer?: number;
  /** Where the part is a sum over heads: the hook of what each head gives. */
  z?: string;
}

/** Everything that is added to the (decoder's) residual stream. */
function partsOf({ dimensions: { layers }, architecture }: OpenModel, prefix: string): StreamPart[] {
  const embeddings: StreamPart[] = [{ hook: `${prefix}hook_embed` }];
  if (architecture.modelTypes.includes("gpt2")) embeddings.push({ hook: "hook_pos_embed" });
  return [
    ...embeddings,
    ...Array.from({ length: layers }, (_, layer) => {
      const at = `${prefix}blocks.${layer}`;
      const cross = prefix === "decoder." ? [{ hook: `${at}.hook_cross_attn_out`, layer, z: `${at}.cross_attn.hook_z` }] : [];
      return [{ hook: `${at}.hook_attn_out`, layer, z: `${at}.attn.hook_z` }, ...cross, { hook: `${at}.hook_mlp_out`, layer }];
    }).flat(),
  ];
}

/** The residual stream after the last layer, of the decoder where there are two. */
function lastState(network: OpenNetwork): Tensor {
  const last = [...network.values.keys()].findLast((hook) => hook.endsWith("hook_resid_post"));
  return network.value(last ?? "hook_resid_post");
}

/** logits [1, 1, vocab] · selector [vocab]: one number. */
function scoreOf(network: OpenNetwork, logits: Tensor): Tensor {
  const selector = network.g.input("selector", "float32", [logits.shape.at(-1) as number]);
  return network.g.sum(network.g.multiply(logits, selector), [0, 1, 2]);
}

function selectorOf({ dimensions: { vocabSize } }: OpenModel, { token, against }: Target): Record<string, Values> {
  const data = new Float32Array(vocabSize);
  data[token] = 1;
  if (against !== undefined) data[against] = (data[against] ?? 0) - 1;
  return { selector: { shape: [vocabSize], data } };
}

/** The sum of a · b along the last axis. */
function alongLast({ g }: OpenNetwork, a: Tensor, b: Tensor): Tensor {
  return g.sum(g.multiply(a, b), [-1]);
}

function dot(a: Values, b: Values): number {
  let sum = 0;
  const period = a.data.length; // an embedding of positions [1, tokens, width] is the same for every text
  for (let i = 0; i < b.data.length; i++) sum += (a.data[i % period] as number) * (b.data[i] as number);
  return sum;
}

function sumOver(data: Float32Array, from: number, step: number): number {
  let sum = 0;
  for (let i = from; i < data.length; i += step) sum += data[i] as number;
  return sum;
}
