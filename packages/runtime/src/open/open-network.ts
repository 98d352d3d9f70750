import { CutawayError } from "@cutaway/core";
import { badModel } from "../engine/unsupported-model.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { OpenGraph, type Tensor } from "./open-graph.ts";
import { type Shape, shapeText } from "./tensor-shape.ts";

/** Tokens given to a network: one row a text, all as long as the longest, filled up at the end. */
export interface Feed {
  /** [batch][tokens] */
  ids: readonly (readonly number[])[];
  /** Of each row, how many tokens are real. */
  lengths: readonly number[];
  /** Tokens already in the cache, the same for all rows. */
  past: number;
  /** Of which tokens the logits are wanted; default: all. */
  asked?: readonly number[];
  /** What an encoder–decoder's encoder reads. */
  source?: { ids: readonly (readonly number[])[]; lengths: readonly number[] };
}

export type FeedData = Float32Array | BigInt64Array;

/** An input of the graph, and what it is filled with for a feed. */
export interface FeedInput {
  tensor: Tensor;
  fill(feed: Feed): { data: FeedData; shape: readonly number[] };
}

/** Changes the value at a hook to value · scale + shift; both are inputs of the graph, broadcast against the value. */
export interface HookChange {
  scale?: Shape;
  shift?: Shape;
}

export interface NetworkPlan {
  /** Which hooks are outputs of the graph. */
  isProbed?(hook: string): boolean;
  changes?: ReadonlyMap<string, HookChange>;
  /** Keys and values come from earlier calls and go to later ones: `past.N.key` … and `present.N.key` …; without it every call reads all tokens. */
  cache?: boolean;
  /** Weights are inputs of the graph, given at every run, so that they can be changed between two. */
  weightsAsInputs?: boolean;
  /** To derivatives every norm's scale is a constant: contributions to the residual stream then add up to the result. */
  frozenNorms?: boolean;
}

/** What an architecture is written in: a graph, weights by name, and named places (hooks) that can be read and changed. */
export class OpenNetwork {
  readonly g = new OpenGraph();
  readonly feeds: FeedInput[] = [];
  /** The values at all hooks, in the order of the computation. */
  readonly values = new Map<string, Tensor>();
  /** By name in the checkpoint. */
  readonly weights = new Map<string, Tensor>();
  readonly checkpoint: Checkpoint;
  readonly plan: NetworkPlan;

  constructor(checkpoint: Checkpoint, plan: NetworkPlan = {}) {
    this.checkpoint = checkpoint;
    this.plan = plan;
  }

  /** A place that is read and changed by its name, one of TransformerLens's. */
  hook(name: string, x: Tensor): Tensor {
    const { g, plan } = this;
    const change = plan.changes?.get(name);
    let value = x;
    if (change?.scale) value = g.multiply(value, g.input(`${name}.scale`, "float32", change.scale));
    if (change?.shift) value = g.add(value, g.input(`${name}.shift`, "float32", change.shift));
    const named = g.named(name, value);
    if (!this.values.has(name)) this.values.set(name, named);
    if (plan.isProbed?.(name)) g.output(named);
    return named;
  }

  /** @throws `unknown-hook`, with those that look alike */
  value(hook: string): Tensor {
    const found = this.values.get(hook);
    if (found) return found;
    throw unknownHook(hook, [...this.values.keys()]);
  }

  has(name: string): boolean {
    return this.checkpoint.tensors.has(name);
  }

  /** @throws `bad-model`, naming tensor and file, where it is missing or has another shape */
  weight(name: string, ...shape: number[]): Tensor {
    const known = this.weights.get(name);
    if (known) return known;
    const { tensors, file } = this.checkpoint;
    const tensor = tensors.get(name);
    if (!tensor) throw badModel(`${file}: tensor ${name} is missing`, { tensor: name, file });
    if (tensor.shape.length !== shape.length || shape.some((size, axis) => size !== tensor.shape[axis])) {
      throw badModel(`${file}: tensor ${name} has shape ${shapeText(tensor.shape)}; the configuration asks for ${shapeText(shape)}`, {
        tensor: name,
        file,
        shape,
      });
    }
    const weight = this.plan.weightsAsInputs
      ? this.g.input(name, "float32", shape)
      : this.g.constant(name, "float32", shape, this.checkpoint.floats(name));
    this.weights.set(name, weight);
    return weight;
  }

  /** x [batch, tokens, inputs] · weightᵀ + bias, by their names: `NAME.weight`, `NAME.bias`. */
  linear(x: Tensor, name: string, outputs: number, { bias = false }: { bias?: boolean } = {}): Tensor {
    const product = this.g.linear(x, this.weight(`${name}.weight`, outputs, x.shape.at(-1) as number));
    return bias ? this.g.add(product, this.weight(`${name}.bias`, outputs)) : product;
  }

  feed(name: string, type: "float32" | "int64", shape: Shape, fill: FeedInput["fill"]): Tensor {
    const known = this.feeds.find(({ tensor }) => tensor.name === name);
    if (known) return known.tensor;
    const tensor = this.g.input(name, type, shape);
    this.feeds.push({ tensor, fill });
    return tensor;
  }
}

function unknownHook(hook: string, known: string[]): CutawayError {
  const part = hook.replace(/^.*\bblocks\.\d+\./, "");
  const alike = known.filter((name) => name.endsWith(part));
  return new CutawayError("unknown-hook", `this model has no hook ${JSON.stringify(hook)}`, {
    fix: `It has ${(alike.length > 0 ? alike : known).slice(0, 12).join(", ")}${known.length > 12 ? " …" : ""}.`,
    data: { hook, known },
  });
}
