import { OrtSession } from "../engine/ort-session.ts";
import { type OrtTensor, ortTensor } from "../engine/ort-tensor.ts";
import type { Tensor } from "./open-graph.ts";
import type { Feed, OpenNetwork } from "./open-network.ts";
import { shapeText } from "./tensor-shape.ts";

/** Numbers with their shape, row by row. */
export interface Values {
  shape: readonly number[];
  data: Float32Array;
}

export interface RunnerOptions {
  threads: number;
  name?: string;
  /** A graph over shared weights is one of many, and runs a few times: it is not optimised. */
  weights?: ReadonlyMap<string, OrtTensor>;
}

/** A network made ready to run: whatever the graph declares as outputs comes back, under its name. */
export class OpenRunner {
  readonly #session: OrtSession;
  readonly #network: OpenNetwork;
  readonly #inputs: readonly string[];
  readonly #weights: ReadonlyMap<string, OrtTensor>;

  /** `weights`: tensors that several runners share, by the inputs that take them (a network with `weightsAsInputs`). */
  constructor(network: OpenNetwork, { threads, name = "open", weights = new Map() }: RunnerOptions) {
    const model = network.g.finish(name);
    this.#network = network;
    this.#weights = weights;
    this.#inputs = model.graph.inputs.map((input) => input.name);
    this.#session = new OrtSession(model, { threads, prepacking: false, optimizing: weights.size === 0 });
  }

  /** `given`: what no feed fills, by input: caches, changes, an encoder's states. */
  run(feed: Feed, given: Readonly<Record<string, Values>> = {}): Map<string, Values> {
    const { feeds, g } = this.#network;
    const sizes = new Map<string, number>();
    const tensors: OrtTensor[] = [];
    const make = (tensor: Tensor, shape: readonly number[]): OrtTensor => {
      const made = ortTensor(tensor.type === "int64" ? "int64" : "float32", shape);
      tensors.push(made);
      return made;
    };
    try {
      const inputs: Record<string, OrtTensor> = {};
      for (const name of this.#inputs) {
        const weight = this.#weights.get(name);
        if (weight) {
          inputs[name] = weight;
          continue;
        }
        const tensor = g.inputs.find((input) => input.name === name) as Tensor;
        const { shape, data } = feeds.find((one) => one.tensor === tensor)?.fill(feed) ?? needed(given, name);
        for (const [axis, size] of tensor.shape.entries()) if (typeof size === "string") sizes.set(size, shape[axis] as number);
        inputs[name] = make(tensor, shape);
        (inputs[name].data as Float32Array).set(data as Float32Array);
      }
      const outputs: Record<string, OrtTensor> = {};
      const shapes = new Map<string, readonly number[]>();
      for (const tensor of g.outputs) {
        const shape = tensor.shape.map((size) => (typeof size === "number" ? size : known(sizes, size, tensor)));
        shapes.set(tensor.name, shape);
        outputs[tensor.name] = make(tensor, shape);
      }
      this.#session.binding(inputs, outputs).run();
      return new Map(
        g.outputs.map(({ name }) => [name, { shape: shapes.get(name) as readonly number[], data: outputs[name]?.data as Float32Array }]),
      );
    } finally {
      for (const tensor of tensors) tensor.release();
    }
  }

  close(): void {
    this.#session.close();
  }
}

function needed(given: Readonly<Record<string, Values>>, name: string): Values {
  const values = given[name];
  if (values) return values;
  throw new Error(`nothing was given for the input ${name}`);
}

function known(sizes: ReadonlyMap<string, number>, size: string, { name, shape }: Tensor): number {
  const value = sizes.get(size);
  if (value !== undefined) return value;
  throw new Error(`${name} ${shapeText(shape)}: no input tells how many ${size} there are`);
}
