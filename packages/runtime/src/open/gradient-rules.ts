import type { OpenGraph, OpenNode, Tensor } from "./open-graph.ts";
import type { Shape } from "./tensor-shape.ts";

/** What reaches each input of a node, given what reached its outputs (undefined: nothing). `wanted` tells which inputs are asked for. */
type GradientRule = (g: OpenGraph, node: OpenNode, reached: (Tensor | undefined)[], wanted: boolean[]) => (Tensor | undefined)[];

type Simple = (g: OpenGraph, d: Tensor, x: Tensor[], y: Tensor, node: OpenNode, wanted: boolean[]) => (Tensor | undefined)[];

/** A rule for a node with one output. */
const simple =
  (rule: Simple): GradientRule =>
  (g, node, [d], wanted) =>
    d ? rule(g, d, [...node.inputs], node.outputs[0] as Tensor, node, wanted) : [];

/** Derivatives of the operators that networks are written in. Operators that are missing here have none, and stop the differentiation. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  Identity: simple((_, d) => [d]),
  Add: simple((g, d, [a, b]) => [sumTo(g, d, shapeOf(a)), sumTo(g, d, shapeOf(b))]),
  Sub: simple((g, d, [a, b]) => [sumTo(g, d, shapeOf(a)), sumTo(g, g.negative(d), shapeOf(b))]),
  Mul: simple((g, d, [a, b], _, __, [first, second]) => [
    first ? sumTo(g, g.multiply(d, b as Tensor), shapeOf(a)) : undefined,
    second ? sumTo(g, g.multiply(d, a as Tensor), shapeOf(b)) : undefined,
  ]),
  Div: simple((g, d, [a, b], y, _, [first, second]) => [
    first ? sumTo(g, g.divide(d, b as Tensor), shapeOf(a)) : undefined,
    second ? sumTo(g, g.negative(g.divide(g.multiply(d, y), b as Tensor)), shapeOf(b)) : undefined,
  ]),
  Neg: simple((g, d) => [g.negative(d)]),
  Exp: simple((g, d, _, y) => [g.multiply(d, y)]),
  Log: simple((g, d, [x]) => [g.divide(d, x as Tensor)]),
  Sqrt: simple((g, d, _, y) => [g.divide(g.scale(d, 0.5), y)]),
  Tanh: simple((g, d, _, y) => [g.multiply(d, g.subtract(g.number(1), g.multiply(y, y)))]),
  Sigmoid: simple((g, d, _, y) => [g.multiply(d, g.multiply(y, g.subtract(g.number(1), y)))]),
  Erf: simple((g, d, [x]) => [g.multiply(d, g.scale(g.exp(g.negative(g.multiply(x as Tensor, x as Tensor))), 2 / Math.sqrt(Math.PI)))]),
  Relu: simple((g, d, [x]) => [g.where(g.greater(x as Tensor, g.number(0)), d, g.number(0))]),
  Where: simple((g, d, [condition, a, b]) => [
    undefined,
    sumTo(g, g.where(condition as Tensor, d, g.number(0)), shapeOf(a)),
    sumTo(g, g.where(condition as Tensor, g.number(0), d), shapeOf(b)),
  ]),
  Softmax: simple((g, d, _, y) => {
    const weighted = g.multiply(d, y);
    return [g.subtract(weighted, g.multiply(y, g.sum(weighted, [-1])))];
  }),
  LogSoftmax: simple((g, d, _, y) => [g.subtract(d, g.multiply(g.exp(y), g.sum(d, [-1])))]),
  MatMul: simple((g, d, [a, b], _, __, [first, second]) => [
    first ? sumTo(g, g.matMul(d, transposed(g, b as Tensor)), shapeOf(a)) : undefined,
    second ? sumTo(g, g.matMul(transposed(g, a as Tensor), d), shapeOf(b)) : undefined,
  ]),
  // y = x · wᵀ
  FusedMatMul: simple((g, d, [x, w], _, __, [first, second]) => [
    first ? g.matMul(d, w as Tensor) : undefined,
    second ? sumLeading(g, g.matMul(transposed(g, d), x as Tensor)) : undefined,
  ]),
  Transpose: simple((g, d, _, __, { attributes }) => {
    const axes = attributes.perm as readonly number[];
    return [
      g.transpose(
        d,
        axes.map((_axis, at) => axes.indexOf(at)),
      ),
    ];
  }),
  Reshape: simple((g, d, [x]) => [g.reshape(d, shapeOf(x))]),
  Expand: simple((g, d, [x]) => [sumTo(g, d, shapeOf(x))]),
  ReduceSum: simple((g, d, [x]) => [g.expandAs(d, x as Tensor)]),
  ReduceMean: simple((g, d, [x], y) => [g.scale(g.expandAs(d, x as Tensor), 1 / shrinkage(shapeOf(x), y.shape))]),
  Concat: simple((g, d, values, _, { attributes }) => {
    const axis = attributes.axis as number;
    const sizes = values.map(({ shape }) => shape[axis]);
    if (!sizes.every((size) => typeof size === "number")) throw new Error("a concatenation along an axis of unknown size has no derivative here");
    return g.split(d, sizes as number[], axis);
  }),
  Split: (g, { inputs: [x], outputs, attributes }, reached) => {
    if (reached.every((d) => d === undefined)) return [];
    return [
      g.concat(
        outputs.map((output, index) => reached[index] ?? g.zerosLike(output)),
        attributes.axis as number,
        x?.shape[attributes.axis as number],
      ),
    ];
  },
  Gather: simple((g, d, [x, indices], _, { attributes }) => {
    if (attributes.axis === 0) return [g.scatterAdd(g.zerosLike(x as Tensor), indices as Tensor, d)];
    const swapped = (tensor: Tensor) =>
      g.transpose(
        tensor,
        tensor.shape.map((_size, axis) => (axis < 2 ? 1 - axis : axis)),
      );
    return [swapped(g.scatterAdd(swapped(g.zerosLike(x as Tensor)), indices as Tensor, swapped(d)))];
  }),
};

const shapeOf = (tensor: Tensor | undefined): Shape => tensor?.shape ?? [];

/** Undoes broadcasting: sums over the axes that were repeated. */
function sumTo(g: OpenGraph, d: Tensor, shape: Shape): Tensor {
  const extra = d.shape.length - shape.length;
  const axes = d.shape.flatMap((size, axis) => (axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : []));
  const summed = axes.length > 0 ? g.sum(d, axes) : d;
  return extra > 0 ? g.reshape(summed, shape) : summed;
}

/** [… n, m] to [n, m]. */
function sumLeading(g: OpenGraph, d: Tensor): Tensor {
  return sumTo(g, d, d.shape.slice(-2));
}

function transposed(g: OpenGraph, x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return g.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** How many numbers each mean was taken of. */
function shrinkage(from: Shape, to: Shape): number {
  return from.reduce<number>((product, size, axis) => {
    if (size === to[axis]) return product;
    if (typeof size === "string") throw new Error("a mean over an axis of unknown size has no derivative here");
    return product * size;
  }, 1);
}
