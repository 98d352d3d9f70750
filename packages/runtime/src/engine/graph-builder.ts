import type { OnnxAttribute, OnnxDimension, OnnxModel, OnnxNode, OnnxTensor, OnnxType, OnnxValueInfo } from "@cutaway/formats";

/** A tensor in the graph under construction, by its name. */
export type Value = string & { readonly __brand: "Value" };

/** Left-out optional input or output. */
export const none = "" as Value;

const microsoft = "com.microsoft";

/**
 * Collects an ONNX graph, node after node in the order they are computed.
 * Methods are operators; their result is named by the caller, as TransformerLens names activations, so that a probe finds it.
 */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants: OnnxTensor[] = [];
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  readonly #graph: string;

  constructor(graph: string) {
    this.#graph = graph;
  }

  input(name: string, type: OnnxType, shape: readonly OnnxDimension[]): Value {
    this.#inputs.push({ name, type, shape });
    return name as Value;
  }

  /** The value of this name is an output of the graph. */
  output(value: Value, type: OnnxType, shape: readonly OnnxDimension[]): void {
    this.#outputs.push({ name: value, type, shape });
  }

  constant(name: string, type: OnnxType, shape: readonly number[], data: ArrayBufferView): Value {
    this.#constants.push({ name, type, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) });
    return name as Value;
  }

  /** A node with one result, which bears the node's name. */
  node(name: string, operator: string, inputs: readonly Value[], attributes: Record<string, OnnxAttribute> = {}, domain?: string): Value {
    this.nodeWith([name], operator, inputs, attributes, domain);
    return name as Value;
  }

  /** A node with several results; an empty name leaves one out. The node bears the first one's name. */
  nodeWith(
    names: readonly string[],
    operator: string,
    inputs: readonly Value[],
    attributes: Record<string, OnnxAttribute> = {},
    domain?: string,
  ): void {
    this.#nodes.push({ name: names[0] ?? operator, operator, inputs, outputs: names, attributes, ...(domain !== undefined && { domain }) });
  }

  add(name: string, a: Value, b: Value): Value {
    return this.node(name, "Add", [a, b]);
  }

  subtract(name: string, a: Value, b: Value): Value {
    return this.node(name, "Sub", [a, b]);
  }

  multiply(name: string, a: Value, b: Value): Value {
    return this.node(name, "Mul", [a, b]);
  }

  matMul(name: string, a: Value, b: Value): Value {
    return this.node(name, "MatMul", [a, b]);
  }

  /** x [1, tokens, inputs] times the transpose of a matrix [outputs, inputs]. */
  matMulTransposed(name: string, x: Value, matrix: Value): Value {
    return this.node(name, "FusedMatMul", [x, matrix], { transB: 1 }, microsoft);
  }

  /** Of x [1, tokens, blocks · size], the mean of each block: [1, tokens, blocks]. */
  blockMeans(name: string, x: Value, size: number): Value {
    return this.node(name, "AveragePool", [x], { kernel_shape: [size], strides: [size] });
  }

  /** `silu`: x · sigmoid(x); `gelu`: x · Φ(x), exactly or with Φ by tanh. */
  activation(name: string, kind: "silu" | "gelu" | "gelu-tanh", x: Value): Value {
    if (kind === "silu") return this.node(name, "QuickGelu", [x], { alpha: { float: 1 } }, microsoft);
    return this.node(name, "Gelu", [x], { approximate: kind === "gelu" ? "none" : "tanh" });
  }

  reshape(name: string, x: Value, shape: readonly number[]): Value {
    return this.node(name, "Reshape", [x, this.constant(`${name}.shape`, "int64", [shape.length], BigInt64Array.from(shape, BigInt))]);
  }

  concat(name: string, values: readonly Value[], axis: number): Value {
    return this.node(name, "Concat", values, { axis });
  }

  /** Cuts x [1, tokens, width] along its width. */
  split(names: readonly string[], x: Value, sizes: readonly number[]): Value[] {
    const lengths = this.constant(`${names[0]}.sizes`, "int64", [sizes.length], BigInt64Array.from(sizes, BigInt));
    this.nodeWith(names, "Split", [x, lengths], { axis: -1 });
    return names as Value[];
  }

  /** Of x [1, tokens, width], the rows of some tokens. */
  pickTokens(name: string, x: Value, tokens: Value): Value {
    return this.node(name, "Gather", [x, tokens], { axis: 1 });
  }

  /** x / sqrt(mean(x²) + epsilon) · weight. */
  rmsNorm(name: string, x: Value, weight: Value, epsilon: number): Value {
    return this.node(name, "SimplifiedLayerNormalization", [x, weight], { axis: -1, epsilon: { float: epsilon }, stash_type: 1 });
  }

  /** Adds what a part of the network found to the residual stream (at its start there is nothing to add) and normalises the sum: [sum, normed]. */
  addAndNorm(names: { sum: string; normed: string }, residual: Value, found: Value | undefined, weight: Value, epsilon: number): [Value, Value] {
    if (found === undefined) return [residual, this.rmsNorm(names.normed, residual, weight, epsilon)];
    const outputs = [names.normed, none, none, names.sum];
    this.nodeWith(outputs, "SkipSimplifiedLayerNormalization", [found, residual, weight], { epsilon: { float: epsilon } }, microsoft);
    return [names.sum as Value, names.normed as Value];
  }

  /**
   * x [1, tokens, inputs] times a matrix [outputs, inputs] of quantised numbers, in blocks along `inputs`: each number less its block's zero
   * point, times its block's scale. x is rounded to 8 bits a block as well (accuracy level 4).
   */
  matMulBlocks(
    name: string,
    x: Value,
    { numbers, scales, zeroPoints }: { numbers: Value; scales: Value; zeroPoints?: Value },
    { inputs, outputs, bits, blockSize }: { inputs: number; outputs: number; bits: 4 | 8; blockSize: 16 | 32 },
  ): Value {
    const attributes = { K: inputs, N: outputs, bits, block_size: blockSize, accuracy_level: 4 };
    return this.node(name, "MatMulNBits", zeroPoints ? [x, numbers, scales, zeroPoints] : [x, numbers, scales], attributes, microsoft);
  }

  /** The largest size of x's numbers, a scalar. */
  largest(name: string, x: Value): Value {
    return this.node(name, "ReduceMax", [this.node(`${name}.sizes`, "Abs", [x])], { keepdims: 0 });
  }

  atLeast(name: string, x: Value, least: Value): Value {
    return this.node(name, "Max", [x, least]);
  }

  /** x as whole numbers from 0 to 255: the nearest to x / scale + zeroPoint. */
  quantiseBy(name: string, x: Value, scale: Value, zeroPoint: Value): Value {
    return this.node(name, "QuantizeLinear", [x, scale, zeroPoint]);
  }

  /** Cuts x along an axis in the middle. */
  halves(names: readonly [string, string], x: Value, axis: number): [Value, Value] {
    this.nodeWith(names, "Split", [x], { axis, num_outputs: 2 });
    return names as unknown as [Value, Value];
  }

  dequantise(name: string, { numbers, scale, zeroPoint }: Quantised): Value {
    return this.node(name, "DequantizeLinear", [numbers, scale, zeroPoint]);
  }

  /** x [1, tokens, inputs] times numbers int8 [inputs, outputs], with a scale [outputs] each. */
  matMulInteger(name: string, x: Quantised, weight: { numbers: Value; scales: Value }): Value {
    return this.node(name, "MatMulIntegerToFloat", [x.numbers, weight.numbers, x.scale, weight.scales, x.zeroPoint], {}, microsoft);
  }

  /**
   * Causal attention with rotary positions, over a cache that holds the keys and values of earlier tokens and takes those of the new ones.
   * `query` is q [1, tokens, heads·headSize], or q, k and v side by side; cache [1, kvHeads, capacity, headSize]; cos, sin [positions, rotated/2].
   * `names.pattern`: how much each token looks at each, [1, heads, tokens, total], is given as well.
   * `window`: each token sees so many of the last, itself included. `interleaved`: pairs are neighbours (0,1), (2,3) …, not (0, half), (1, half+1) …
   */
  attention(
    names: { z: string; keys: string; values: string; pattern?: string },
    x: AttentionInputs,
    { heads, kvHeads, scale, window, interleaved }: AttentionOptions,
  ): [z: Value, keys: Value, values: Value] {
    this.nodeWith(
      [names.z, names.keys, names.values, ...(names.pattern === undefined ? [] : [names.pattern])],
      "GroupQueryAttention",
      [x.query, x.key ?? none, x.value ?? none, x.cache.keys, x.cache.values, x.lastPosition, x.totalTokens, x.cos, x.sin],
      {
        num_heads: heads,
        kv_num_heads: kvHeads,
        do_rotary: 1,
        rotary_interleaved: interleaved ? 1 : 0,
        scale: { float: scale },
        ...(window !== undefined && { local_window_size: window }),
        ...(names.pattern !== undefined && { qk_output: 2 }), // 2: after the softmax
      },
      microsoft,
    );
    return [names.z as Value, names.keys as Value, names.values as Value];
  }

  finish(): OnnxModel {
    return {
      operatorSets: { "": 21, [microsoft]: 1 },
      graph: { name: this.#graph, nodes: this.#nodes, initializers: this.#constants, inputs: this.#inputs, outputs: this.#outputs },
    };
  }
}

export interface Quantised {
  numbers: Value;
  scale: Value;
  zeroPoint: Value;
}

export interface AttentionInputs {
  query: Value;
  key?: Value;
  value?: Value;
  cache: { keys: Value; values: Value };
  /** int32 [1]: tokens in all, less one. */
  lastPosition: Value;
  /** int32 scalar. */
  totalTokens: Value;
  cos: Value;
  sin: Value;
}

export interface AttentionOptions {
  heads: number;
  kvHeads: number;
  /** The scores are multiplied by it. */
  scale: number;
  window: number | undefined;
  interleaved: boolean;
}
