import { CutawayError } from "@cutaway/core";
import type { OnnxAttribute, OnnxModel, OnnxTensor, OnnxType } from "@cutaway/formats";
import { broadcast, matMulShape, reshapeCode, type Shape, shapeText } from "./tensor-shape.ts";

/** A value of the graph. Its shape is known while the graph is written, so that what does not fit is refused there. */
export interface Tensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: Shape;
}

export interface OpenNode {
  operator: string;
  domain?: string;
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
  /** Derivatives end here. */
  isDetached?: boolean;
}

interface NodeOptions {
  attributes?: Record<string, OnnxAttribute>;
  type?: OnnxType;
  domain?: string;
  name?: string;
}

const microsoft = "com.microsoft";

/**
 * A network in plain float32 operators: every value in it can be read, replaced and differentiated (`gradients.ts`).
 * Nodes stand in the order in which they are computed. Shapes are those of TransformerLens: [batch, tokens, …].
 */
export class OpenGraph {
  readonly nodes: OpenNode[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: Tensor[] = [];
  readonly #constants: OnnxTensor[] = [];
  readonly #numbers = new Map<string, Tensor>();
  /** How often each name was given. */
  readonly #names = new Map<string, number>();

  input(name: string, type: OnnxType, shape: Shape): Tensor {
    const tensor = { name: this.#unique(name), type, shape };
    this.inputs.push(tensor);
    return tensor;
  }

  output(tensor: Tensor): void {
    if (!this.outputs.includes(tensor)) this.outputs.push(tensor);
  }

  constant(name: string, type: OnnxType, shape: readonly number[], data: ArrayBufferView): Tensor {
    const tensor = { name: this.#unique(name), type, shape };
    this.#constants.push({ name: tensor.name, type, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) });
    return tensor;
  }

  /** A single number; equal ones are one constant. */
  number(value: number): Tensor {
    const known = this.#numbers.get(String(value));
    if (known) return known;
    const tensor = this.constant(`number ${value}`, "float32", [], Float32Array.of(value));
    this.#numbers.set(String(value), tensor);
    return tensor;
  }

  /** The value under a name of its own, by which it is found from outside. */
  named(name: string, x: Tensor): Tensor {
    return this.#node("Identity", [x], x.shape, { name, type: x.type });
  }

  /** The same value, as a constant to derivatives. */
  detached(x: Tensor): Tensor {
    const output = { name: this.#unique("detached"), type: x.type, shape: x.shape };
    this.nodes.push({ operator: "Identity", inputs: [x], outputs: [output], attributes: {}, isDetached: true });
    return output;
  }

  add = (a: Tensor, b: Tensor): Tensor => this.#elementwise("Add", a, b);
  subtract = (a: Tensor, b: Tensor): Tensor => this.#elementwise("Sub", a, b);
  multiply = (a: Tensor, b: Tensor): Tensor => this.#elementwise("Mul", a, b);
  divide = (a: Tensor, b: Tensor): Tensor => this.#elementwise("Div", a, b);
  scale = (x: Tensor, by: number): Tensor => (by === 1 ? x : this.multiply(x, this.number(by)));
  shift = (x: Tensor, by: number): Tensor => this.add(x, this.number(by));

  negative = (x: Tensor): Tensor => this.#unary("Neg", x);
  exp = (x: Tensor): Tensor => this.#unary("Exp", x);
  log = (x: Tensor): Tensor => this.#unary("Log", x);
  sqrt = (x: Tensor): Tensor => this.#unary("Sqrt", x);
  tanh = (x: Tensor): Tensor => this.#unary("Tanh", x);
  sigmoid = (x: Tensor): Tensor => this.#unary("Sigmoid", x);
  erf = (x: Tensor): Tensor => this.#unary("Erf", x);
  relu = (x: Tensor): Tensor => this.#unary("Relu", x);

  /** Along the last axis. */
  softmax = (x: Tensor): Tensor => this.#node("Softmax", [x], x.shape, { attributes: { axis: -1 } });
  logSoftmax = (x: Tensor): Tensor => this.#node("LogSoftmax", [x], x.shape, { attributes: { axis: -1 } });

  matMul(a: Tensor, b: Tensor): Tensor {
    return this.#node("MatMul", [a, b], matMulShape(a.shape, b.shape, `${a.name} · ${b.name}`));
  }

  /** x [… inputs] times the transpose of a matrix [outputs, inputs], as checkpoints hold it. */
  linear(x: Tensor, matrix: Tensor): Tensor {
    const [outputs, inputs] = matrix.shape;
    if (matrix.shape.length !== 2 || x.shape.at(-1) !== inputs) throw misfit(`${x.name} · ${matrix.name}ᵀ`, x.shape, matrix.shape);
    return this.#node("FusedMatMul", [x, matrix], [...x.shape.slice(0, -1), outputs as number], { attributes: { transB: 1 }, domain: microsoft });
  }

  transpose(x: Tensor, axes: readonly number[]): Tensor {
    return this.#node(
      "Transpose",
      [x],
      axes.map((axis) => x.shape[axis] as number),
      { attributes: { perm: axes }, type: x.type },
    );
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    const code = reshapeCode(x.shape, shape, `reshape of ${x.name}`);
    return this.#node("Reshape", [x, this.integers(code)], shape, { type: x.type });
  }

  concat(values: readonly Tensor[], axis: number, size?: Shape[number]): Tensor {
    const [first] = values;
    if (first === undefined) throw new CutawayError("bad-graph", "nothing to concatenate", { kind: "internal" });
    const at = axis < 0 ? axis + first.shape.length : axis;
    const sizes = values.map(({ shape }) => shape[at] as number | string);
    const sum = sizes.every((one) => typeof one === "number") ? sizes.reduce((total, one) => total + one, 0) : size;
    if (sum === undefined) throw misfit("concatenation", first.shape, sizes);
    return this.#node("Concat", values, first.shape.with(at, sum), { attributes: { axis: at }, type: first.type });
  }

  /** Cuts x along an axis into parts of these sizes. */
  split(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
    const at = axis < 0 ? axis + x.shape.length : axis;
    if (x.shape[at] !== sizes.reduce((sum, size) => sum + size, 0)) throw misfit(`split of ${x.name}`, x.shape, sizes);
    if (sizes.length === 1) return [x];
    const outputs = sizes.map((size) => ({ name: this.#unique("split"), type: x.type, shape: x.shape.with(at, size) }));
    this.nodes.push({ operator: "Split", inputs: [x, this.integers(sizes.map(BigInt))], outputs, attributes: { axis: at } });
    return outputs;
  }

  /** Of x [rows, …], the rows at `indices` [n, …]: [n, …, …]. */
  gather(x: Tensor, indices: Tensor): Tensor {
    return this.#node("Gather", [x, indices], [...indices.shape, ...x.shape.slice(1)], { attributes: { axis: 0 }, type: x.type });
  }

  /** Of x [batch, tokens, …], the tokens at `indices` [n]: [batch, n, …]. */
  pick(x: Tensor, indices: Tensor): Tensor {
    return this.#node("Gather", [x, indices], x.shape.with(1, indices.shape[0] as number), { attributes: { axis: 1 }, type: x.type });
  }

  /** Over some axes, which stay as axes of size 1. */
  sum(x: Tensor, axes: readonly number[]): Tensor {
    return this.#reduce("ReduceSum", x, axes);
  }

  mean(x: Tensor, axes: readonly number[]): Tensor {
    return this.#reduce("ReduceMean", x, axes);
  }

  where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
    const shape = broadcast(condition.shape, broadcast(a.shape, b.shape, "where"), "where");
    return this.#node("Where", [condition, a, b], shape, { type: a.type });
  }

  /** 1 where a ≥ b, as a truth value. */
  notLess(a: Tensor, b: Tensor): Tensor {
    return this.#node("GreaterOrEqual", [a, b], broadcast(a.shape, b.shape, "comparison"), { type: "bool" });
  }

  greater(a: Tensor, b: Tensor): Tensor {
    return this.#node("Greater", [a, b], broadcast(a.shape, b.shape, "comparison"), { type: "bool" });
  }

  /** The `count` largest along the last axis, largest first: [values, indices]. */
  largest(x: Tensor, count: number): [values: Tensor, indices: Tensor] {
    const shape = [...x.shape.slice(0, -1), count];
    const values: Tensor = { name: this.#unique("largest"), type: "float32", shape };
    const indices: Tensor = { name: this.#unique("largest.at"), type: "int64", shape };
    this.nodes.push({ operator: "TopK", inputs: [x, this.integers([BigInt(count)])], outputs: [values, indices], attributes: { axis: -1 } });
    return [values, indices];
  }

  /** x repeated to the shape of another value. */
  expandAs(x: Tensor, like: Tensor): Tensor {
    return this.#node("Expand", [x, this.shapeOf(like)], like.shape, { type: x.type });
  }

  zerosLike(x: Tensor): Tensor {
    return this.#node("ConstantOfShape", [this.shapeOf(x)], x.shape);
  }

  shapeOf(x: Tensor): Tensor {
    return this.#node("Shape", [x], [x.shape.length], { type: "int64" });
  }

  /** Adds rows `updates` [n, …, row] to those of x [rows, row] that `indices` [n, …] name. */
  scatterAdd(x: Tensor, indices: Tensor, updates: Tensor): Tensor {
    const places = this.reshape(indices, [...indices.shape, 1]);
    return this.#node("ScatterND", [x, places, updates], x.shape, { attributes: { reduction: "add" } });
  }

  integers(values: readonly bigint[]): Tensor {
    return this.constant("integers", "int64", [values.length], BigInt64Array.from(values));
  }

  /** All shapes are told: ONNX Runtime looks through every freed buffer for one to use again, and those of unknown shape are never used up. */
  finish(name: string): OnnxModel {
    const { nodes, inputs, outputs } = this.#needed();
    const read = new Set(nodes.flatMap((node) => node.inputs.map((tensor) => tensor.name)));
    const toInfo = ({ name, type, shape }: Tensor) => ({ name, type, shape });
    return {
      operatorSets: { "": 21, [microsoft]: 1 },
      graph: {
        name,
        nodes: nodes.map(({ operator, domain, inputs, outputs, attributes }) => ({
          name: outputs[0]?.name ?? operator,
          operator,
          inputs: inputs.map((tensor) => tensor.name),
          outputs: outputs.map((tensor) => tensor.name),
          attributes,
          ...(domain !== undefined && { domain }),
        })),
        initializers: this.#constants.filter((constant) => read.has(constant.name)),
        inputs: inputs.map(toInfo),
        outputs: outputs.map(toInfo),
        values: nodes.flatMap((node) => node.outputs.filter((tensor) => !outputs.includes(tensor)).map(toInfo)),
      },
    };
  }

  /** Only what the outputs need: what nobody asked for is neither computed nor kept. */
  #needed(): { nodes: OpenNode[]; inputs: Tensor[]; outputs: Tensor[] } {
    const needed = new Set(this.outputs.map(({ name }) => name));
    const nodes: OpenNode[] = [];
    for (const node of this.nodes.toReversed()) {
      if (!node.outputs.some(({ name }) => needed.has(name))) continue;
      for (const { name } of node.inputs) needed.add(name);
      nodes.push(node);
    }
    return { nodes: nodes.reverse(), inputs: this.inputs.filter(({ name }) => needed.has(name)), outputs: this.outputs };
  }

  #elementwise(operator: string, a: Tensor, b: Tensor): Tensor {
    return this.#node(operator, [a, b], broadcast(a.shape, b.shape, `${operator} of ${a.name} and ${b.name}`), { type: a.type });
  }

  #unary(operator: string, x: Tensor): Tensor {
    return this.#node(operator, [x], x.shape, { type: x.type });
  }

  #reduce(operator: string, x: Tensor, axes: readonly number[]): Tensor {
    const at = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
    const shape = x.shape.map((size, axis) => (at.includes(axis) ? 1 : size));
    return this.#node(operator, [x, this.integers(at.map(BigInt))], shape, { attributes: { keepdims: 1 } });
  }

  #node(
    operator: string,
    inputs: readonly Tensor[],
    shape: Shape,
    { attributes = {}, type = "float32", domain, name = operator }: NodeOptions = {},
  ): Tensor {
    const output = { name: this.#unique(name), type, shape };
    this.nodes.push({ operator, inputs, outputs: [output], attributes, ...(domain !== undefined && { domain }) });
    return output;
  }

  #unique(name: string): string {
    const before = this.#names.get(name) ?? 0;
    this.#names.set(name, before + 1);
    return before === 0 ? name : this.#unique(`${name}#${before + 1}`);
  }
}

function misfit(what: string, a: Shape, b: Shape): CutawayError {
  return new CutawayError("bad-graph", `${what}: the shapes ${shapeText(a)} and ${shapeText(b)} do not fit`, { kind: "internal" });
}
