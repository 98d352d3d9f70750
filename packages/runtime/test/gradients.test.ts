import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { architectureOf } from "../src/architectures/index.ts";
import { ConfigReader } from "../src/open/config-reader.ts";
import { gradientRules } from "../src/open/gradient-rules.ts";
import { gradients } from "../src/open/gradients.ts";
import { activations, layerNorm, repeatHeads, rmsNorm, rotate } from "../src/open/layers.ts";
import type { OpenGraph, Tensor } from "../src/open/open-graph.ts";
import { type Feed, OpenNetwork } from "../src/open/open-network.ts";
import { OpenRunner, type Values } from "../src/open/open-runner.ts";
import type { Shape } from "../src/open/tensor-shape.ts";
import type { Checkpoint } from "../src/weights/checkpoint.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";

const empty: Checkpoint = {
  file: "none",
  config: {},
  tensors: new Map(),
  floats: () => new Float32Array(),
  stored: () => ({ name: "", type: "F32", byteLength: 0, read: () => new Uint8Array() }),
  close() {},
};
const noTokens: Feed = { ids: [], lengths: [], past: 0 };

/** Sizes of named dimensions in the graphs below. */
const sizes: Record<string, number> = { batch: 2, tokens: 3 };
const known = (shape: Shape): number[] => shape.map((size) => (typeof size === "number" ? size : (sizes[size] as number)));
const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** An operator (or a layer of some) over inputs of these shapes, drawn from `from` to `to`. */
interface Case {
  shapes: Shape[];
  from?: number;
  to?: number;
  build(g: OpenGraph, inputs: Tensor[]): Tensor;
}

const vector: Shape = ["batch", "tokens", 4];
const cases: Record<string, Case> = {
  Identity: { shapes: [vector], build: (g, [x]) => g.named("same", x as Tensor) },
  Add: { shapes: [vector, [4]], build: (g, [a, b]) => g.add(a as Tensor, b as Tensor) },
  Sub: { shapes: [["batch", 1, 4], vector], build: (g, [a, b]) => g.subtract(a as Tensor, b as Tensor) },
  Mul: { shapes: [vector, ["batch", "tokens", 1]], build: (g, [a, b]) => g.multiply(a as Tensor, b as Tensor) },
  Div: { shapes: [[4], vector], from: 1, to: 2, build: (g, [a, b]) => g.divide(a as Tensor, b as Tensor) },
  Neg: { shapes: [vector], build: (g, [x]) => g.negative(x as Tensor) },
  Exp: { shapes: [vector], build: (g, [x]) => g.exp(x as Tensor) },
  Log: { shapes: [vector], from: 1, to: 3, build: (g, [x]) => g.log(x as Tensor) },
  Sqrt: { shapes: [vector], from: 1, to: 3, build: (g, [x]) => g.sqrt(x as Tensor) },
  Tanh: { shapes: [vector], build: (g, [x]) => g.tanh(x as Tensor) },
  Sigmoid: { shapes: [vector], build: (g, [x]) => g.sigmoid(x as Tensor) },
  Erf: { shapes: [vector], build: (g, [x]) => g.erf(x as Tensor) },
  Relu: { shapes: [vector], from: 0.2, to: 2, build: (g, [x]) => g.relu(g.add(g.scale(x as Tensor, 3), g.scale(x as Tensor, -1))) },
  Where: { shapes: [vector, vector, [1]], build: (g, [x, a, b]) => g.where(g.greater(x as Tensor, g.number(0)), a as Tensor, b as Tensor) },
  Softmax: { shapes: [vector], build: (g, [x]) => g.softmax(x as Tensor) },
  LogSoftmax: { shapes: [vector], build: (g, [x]) => g.logSoftmax(x as Tensor) },
  MatMul: { shapes: [vector, [4, 5]], build: (g, [a, b]) => g.matMul(a as Tensor, b as Tensor) },
  "MatMul of batches": {
    shapes: [
      ["batch", 2, "tokens", 4],
      ["batch", 1, 4, "tokens"],
    ],
    build: (g, [a, b]) => g.matMul(a as Tensor, b as Tensor),
  },
  FusedMatMul: { shapes: [vector, [5, 4]], build: (g, [x, w]) => g.linear(x as Tensor, w as Tensor) },
  Transpose: { shapes: [["batch", "tokens", 2, 3]], build: (g, [x]) => g.transpose(x as Tensor, [2, 0, 3, 1]) },
  Reshape: { shapes: [["batch", "tokens", 4]], build: (g, [x]) => g.reshape(x as Tensor, ["batch", "tokens", 2, 2]) },
  Expand: { shapes: [[4], vector], build: (g, [x, like]) => g.multiply(g.expandAs(x as Tensor, like as Tensor), like as Tensor) },
  ReduceSum: { shapes: [vector], build: (g, [x]) => g.sum(x as Tensor, [0, 2]) },
  ReduceMean: { shapes: [vector], build: (g, [x]) => g.mean(x as Tensor, [-1]) },
  Concat: { shapes: [vector, ["batch", "tokens", 2]], build: (g, [a, b]) => g.concat([a as Tensor, b as Tensor], -1) },
  Split: { shapes: [vector], build: (g, [x]) => g.split(x as Tensor, [1, 3], -1)[1] as Tensor },
  Gather: { shapes: [[5, 4]], build: (g, [x]) => g.gather(x as Tensor, g.integers([4n, 1n, 4n])) },
  "Gather of tokens": { shapes: [vector], build: (g, [x]) => g.pick(x as Tensor, g.integers([2n, 0n, 2n])) },
  "layer norm": {
    shapes: [vector, [4], [4]],
    build: (g, [x, weight, bias]) => layerNorm(g, x as Tensor, { weight: weight as Tensor, bias: bias as Tensor, epsilon: 1e-5 }),
  },
  "RMS norm": { shapes: [vector, [4]], build: (g, [x, weight]) => rmsNorm(g, x as Tensor, { weight: weight as Tensor, epsilon: 1e-5 }) },
  rotation: {
    shapes: [
      ["batch", "tokens", 2, 6],
      [1, "tokens", 1, 2],
      [1, "tokens", 1, 2],
    ],
    build: (g, [x, cos, sin]) => rotate(g, x as Tensor, { cos: cos as Tensor, sin: sin as Tensor }),
  },
  "repeated heads": { shapes: [["batch", 2, "tokens", 3]], build: (g, [x]) => repeatHeads(g, x as Tensor, 3) },
  ...Object.fromEntries(
    ["gelu", "gelu_new", "silu"].map((name) => [
      name,
      { shapes: [vector], build: (g: OpenGraph, [x]: Tensor[]) => (activations[name] as (typeof activations)[string])(g, x as Tensor) },
    ]),
  ),
};

test("every operator with a derivative is among those tried", () => {
  expect(Object.keys(gradientRules).filter((operator) => !Object.hasOwn(cases, operator))).toEqual([]);
});

describe.each(Object.entries(cases))("%s", (_, { shapes, from = -1, to = 1, build }) => {
  test("its derivative is the slope between two points nearby, for every number of every input", () => {
    const network = new OpenNetwork(empty);
    const { g } = network;
    const random = seededRandom(5);
    const inputs = shapes.map((shape, i) => g.input(`x${i}`, "float32", shape));
    const values = shapes.map(
      (shape): Values => ({ shape: known(shape), data: Float32Array.from({ length: count(known(shape)) }, () => from + (to - from) * random()) }),
    );
    const out = build(g, inputs);
    const weights = g.input("weights", "float32", out.shape);
    const drawn = { shape: known(out.shape), data: Float32Array.from({ length: count(known(out.shape)) }, () => random() - 0.5) };
    const loss = g.sum(
      g.multiply(out, weights),
      out.shape.map((_size, axis) => axis),
    );
    const found = gradients(g, loss, inputs);
    for (const tensor of [loss, ...found]) if (tensor) g.output(tensor);
    const runner = new OpenRunner(network, { threads: 1 });
    const run = () => runner.run(noTokens, { ...Object.fromEntries(values.map((value, i) => [`x${i}`, value])), weights: drawn });
    const derivatives = run();
    const lossNow = () => (run().get(loss.name) as Values).data[0] as number;
    for (const [i, tensor] of found.entries()) {
      const { data } = values[i] as Values;
      for (const [at, value] of data.entries()) {
        data[at] = value + 1e-2;
        const above = lossNow();
        data[at] = value - 1e-2;
        const slope = (above - lossNow()) / 2e-2;
        data[at] = value;
        const derivative = tensor ? ((derivatives.get(tensor.name) as Values).data[at] as number) : 0;
        expect(Math.abs(derivative - slope), `input ${i}, number ${at}: ${derivative}, slope ${slope}`).toBeLessThan(2e-3 + 2e-3 * Math.abs(slope));
      }
    }
    runner.close();
  });
});

const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const names = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/golden.safetensors`));

describe.each(names)("%s", (name) => {
  const checkpoint = openSafetensorsFolder(`${folder}${name}`);
  const config = new ConfigReader(checkpoint.config, name);
  const ids = [3, 17, 5, 41, 0, 22];
  const feed: Feed = { ids: [ids], lengths: [ids.length], past: 0, source: { ids: [[7, 8, 30, 2]], lengths: [4] } };

  test("the derivative with respect to every weight is the slope along a drawn direction", () => {
    const network = new OpenNetwork(checkpoint, { weightsAsInputs: true });
    const out = architectureOf(checkpoint.config.model_type, name).build(network, config);
    const { g, weights } = network;
    const random = seededRandom(9);
    const width = out.shape.at(-1) as number;
    // A number that hangs on every logit.
    const selector = g.input("selector", "float32", out.shape);
    const drawn = { shape: [1, ids.length, width], data: Float32Array.from({ length: ids.length * width }, () => (random() - 0.5) / 10) };
    const loss = g.sum(g.multiply(out, selector), [0, 1, 2]);
    const found = gradients(g, loss, [...weights.values()]);
    for (const tensor of [loss, ...found]) if (tensor) g.output(tensor);
    const runner = new OpenRunner(network, { threads: 1 });
    const given: Record<string, Values> = { selector: drawn };
    for (const [tensor, { shape }] of weights) given[tensor] = { shape: known(shape), data: checkpoint.floats(tensor) };
    const run = () => runner.run(feed, given);
    const derivatives = run();
    expect(weights.size).toBeGreaterThan(10);

    for (const [i, [tensor, { shape }]] of [...weights].entries()) {
      const derivative = found[i] && (derivatives.get((found[i] as Tensor).name) as Values).data;
      const data = checkpoint.floats(tensor);
      const share = Math.min(1, 24 / data.length); // of the numbers that move
      const direction = Float32Array.from(data, () => (random() < share ? Math.sign(random() - 0.5) : 0));
      const expected = derivative?.reduce((sum, value, at) => sum + value * (direction[at] as number), 0) ?? 0;
      const lossAt = (step: number): number => {
        given[tensor] = { shape: known(shape), data: data.map((weight, at) => weight + step * (direction[at] as number)) };
        return (run().get(loss.name) as Values).data[0] as number;
      };
      // A kink (ReLU, the choice of experts) may lie inside the larger step, rounding be felt in the smaller.
      const slopes = [1e-3, 2.5e-4].map((step) => (lossAt(step) - lossAt(-step)) / (2 * step));
      given[tensor] = { shape: known(shape), data };
      const error = Math.min(...slopes.map((slope) => Math.abs(expected - slope) / (1 + Math.abs(slope))));
      expect(error, `${tensor}: ${expected}, slopes ${slopes}`).toBeLessThan(1e-2);
    }
    runner.close();
  });
});
