import type { OpenGraph, Tensor } from "./open-graph.ts";

interface NormOptions {
  weight: Tensor;
  epsilon: number;
  /** To derivatives what x is divided by is a constant, so that the norm is linear: contributions to its result add up. */
  isFrozen?: boolean | undefined;
}

/** (x − mean) / sqrt(variance + epsilon) · weight + bias, over the last axis. source  Ba et al. 2016, arXiv 1607.06450 */
export function layerNorm(g: OpenGraph, x: Tensor, { bias, ...options }: NormOptions & { bias?: Tensor }): Tensor {
  const scaled = rmsNorm(g, g.subtract(x, g.mean(x, [-1])), options);
  return bias ? g.add(scaled, bias) : scaled;
}

/** x / sqrt(mean(x²) + epsilon) · weight, over the last axis. source  Zhang and Sennrich 2019, arXiv 1910.07467 */
export function rmsNorm(g: OpenGraph, x: Tensor, { weight, epsilon, isFrozen = false }: NormOptions): Tensor {
  const size = g.sqrt(g.shift(g.mean(g.multiply(x, x), [-1]), epsilon));
  return g.multiply(g.divide(x, isFrozen ? g.detached(size) : size), weight);
}

/** x · Φ(x), exactly. source  Hendrycks and Gimpel 2016, arXiv 1606.08415 */
const geluExact = (g: OpenGraph, x: Tensor): Tensor => g.multiply(g.scale(x, 0.5), g.shift(g.erf(g.scale(x, Math.SQRT1_2)), 1));

/** The approximation by tanh of the same paper, section 2. */
function geluTanh(g: OpenGraph, x: Tensor): Tensor {
  const cubed = g.multiply(g.multiply(x, x), x);
  const inner = g.scale(g.add(x, g.scale(cubed, 0.044715)), Math.sqrt(2 / Math.PI));
  return g.multiply(g.scale(x, 0.5), g.shift(g.tanh(inner), 1));
}

const silu = (g: OpenGraph, x: Tensor): Tensor => g.multiply(x, g.sigmoid(x));

/** By the names that config.json uses (`hidden_act`). */
export const activations: Readonly<Record<string, (g: OpenGraph, x: Tensor) => Tensor>> = {
  gelu: geluExact,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  relu: (g, x) => g.relu(x),
  silu,
  swish: silu,
};

/**
 * Turns each pair (i, i + rotated/2) of a head's first `rotated` numbers by its position's angle.
 * x [batch, tokens, heads, headSize]; cos, sin [1, tokens, 1, rotated/2].
 * source  Su et al. 2021, "RoFormer", arXiv 2104.09864, section 3.2.2
 */
export function rotate(g: OpenGraph, x: Tensor, { cos, sin }: { cos: Tensor; sin: Tensor }): Tensor {
  const size = x.shape.at(-1) as number;
  const half = cos.shape.at(-1) as number;
  const sizes = size > 2 * half ? [half, half, size - 2 * half] : [half, half];
  const [first, second, ...rest] = g.split(x, sizes, -1) as [Tensor, Tensor, ...Tensor[]];
  const turned = [g.subtract(g.multiply(first, cos), g.multiply(second, sin)), g.add(g.multiply(second, cos), g.multiply(first, sin))];
  return g.concat([...turned, ...rest], -1);
}

/** Each key-value head once for every query head it serves: x [batch, kvHeads, keys, size] → [batch, kvHeads · times, keys, size] */
export function repeatHeads(g: OpenGraph, x: Tensor, times: number): Tensor {
  if (times === 1) return x;
  const [batch, heads, keys, size] = x.shape as [string, number, string, number];
  const one = g.reshape(x, [batch, heads, 1, keys, size]);
  return g.reshape(
    g.concat(
      Array.from({ length: times }, () => one),
      2,
    ),
    [batch, heads * times, keys, size],
  );
}
