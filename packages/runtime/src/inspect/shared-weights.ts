import { type OrtTensor, ortTensor } from "../engine/ort-tensor.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";

/** A checkpoint's weights in float32, read when a graph first needs them and held once, whatever the number of graphs over them. */
export interface SharedWeights {
  /** Those that a network with `weightsAsInputs` takes, by input. */
  of(network: OpenNetwork): ReadonlyMap<string, OrtTensor>;
  close(): void;
}

export function sharedWeights(checkpoint: Checkpoint): SharedWeights {
  const held = new Map<string, OrtTensor<Float32Array>>();
  return {
    of(network) {
      for (const [name, { shape }] of network.weights) {
        if (held.has(name)) continue;
        const numbers = checkpoint.floats(name);
        const tensor = ortTensor("float32", shape as readonly number[]);
        tensor.data.set(numbers);
        held.set(name, tensor);
      }
      return held;
    },
    close() {
      for (const tensor of held.values()) tensor.release();
      held.clear();
    },
  };
}
