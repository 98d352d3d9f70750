/** Weights as MatMulInteger takes them: weight = number · scale of its output · scale of its input. */
export interface RowMatrix {
  /** [inputs, outputs], −127 to 127. */
  numbers: Int8Array;
  /** [outputs]. */
  outputScales: Float32Array;
  /** [inputs]; the input is multiplied with these first. */
  inputScales: Float32Array;
}

/** Outputs converted together: their numbers lie beside one another in the result. */
const tile = 32;

/**
 * Rounds weights [outputs, inputs] to 8 bits. Inputs differ in the size of their weights, and one scale an output serves the large ones; divided by
 * their mean size first, all inputs are rounded as finely. (Half the divergence; dividing by their largest or by a higher norm is worse than
 * not dividing: single large weights make it coarse for inputs that matter.)
 */
export function rowMatrix(weights: Float32Array, inputs: number): RowMatrix {
  const outputs = weights.length / inputs;
  const inputScales = meanSizes(weights, inputs);
  const inverses = inputScales.map((scale) => 1 / scale);
  const numbers = new Int8Array(inputs * outputs);
  const outputScales = new Float32Array(outputs);
  const rounded = new Int8Array(tile * inputs);
  for (let first = 0; first < outputs; first += tile) {
    const count = Math.min(tile, outputs - first);
    for (let row = 0; row < count; row++) {
      outputScales[first + row] = roundRow(weights, (first + row) * inputs, inverses, rounded, row * inputs);
    }
    for (let input = 0; input < inputs; input++) {
      let to = input * outputs + first;
      for (let from = input; from < count * inputs; from += inputs) numbers[to++] = rounded[from] as number;
    }
  }
  return { numbers, outputScales, inputScales };
}

/** The mean size of each input's weights; 1 where they are all 0. */
function meanSizes(weights: Float32Array, inputs: number): Float32Array {
  const sums = new Float64Array(inputs);
  for (let at = 0; at < weights.length; at += inputs) {
    for (let input = 0; input < inputs; input++) (sums[input] as number) += Math.abs(weights[at + input] as number);
  }
  return Float32Array.from(sums, (sum) => (sum === 0 ? 1 : (sum * inputs) / weights.length));
}

/** Rounds one output's weights, and returns their scale. */
function roundRow(weights: Float32Array, from: number, inverses: Float32Array, rounded: Int8Array, to: number): number {
  const inputs = inverses.length;
  let largest = 0;
  for (let i = 0; i < inputs; i++) {
    const size = Math.abs((weights[from + i] as number) * (inverses[i] as number));
    if (size > largest) largest = size;
  }
  const perScale = largest > 0 ? 127 / largest : 0;
  for (let i = 0; i < inputs; i++) {
    const exact = (weights[from + i] as number) * (inverses[i] as number) * perScale;
    rounded[to + i] = ((exact + 128.5) | 0) - 128; // to the nearest, without a branch that signs at random would make slow
  }
  return largest / 127;
}
