import type { Dimensions } from "../architectures/architecture.ts";
import { type OrtTensor, ortTensor } from "./ort-tensor.ts";
import type { StepMemory } from "./steps/step-memory.ts";
import type { StepCache } from "./steps/step-network.ts";

export type CacheShape = Pick<Dimensions, "layers" | "kvHeads" | "headSize">;

/** Bytes of one position: a key and a value, float32, of each head of each layer. */
export const cacheBytesPerToken = ({ layers, kvHeads, headSize }: CacheShape): number => layers * 2 * kvHeads * headSize * 4;

/**
 * Keys and values of the tokens fed so far, one array [1, kvHeads, capacity, headSize] a layer each, which attention fills in place.
 * The arrays are as large as the context from the start; the operating system gives them memory where they are written first.
 */
export class KvCache {
  readonly capacity: number;
  /** By layer and part, e.g. `0.key`. */
  readonly #tensors: ReadonlyMap<string, OrtTensor<Float32Array>>;
  readonly #shape: CacheShape;
  readonly #memory: StepMemory | undefined;
  /** Where the arrays lie for `StepNetwork`; undefined where that has no room for them. */
  readonly places: StepCache | undefined;

  /** `memory`: the arrays lie in there, if it has room. */
  constructor(shape: CacheShape, capacity: number, memory?: StepMemory) {
    this.#shape = shape;
    this.#memory = memory;
    this.capacity = capacity;
    const { layers, kvHeads, headSize } = shape;
    const count = kvHeads * capacity * headSize;
    this.places = memory && placesIn(memory, layers, capacity, (count + 4 * headSize) * 4);
    const tensors = new Map<string, OrtTensor<Float32Array>>();
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ["key", "value"] as const) {
        const place = this.places?.layers[layer]?.[part];
        const given = place === undefined ? undefined : memory?.floats(place, count);
        tensors.set(`${layer}.${part}`, ortTensor("float32", [1, kvHeads, capacity, headSize], given));
      }
    }
    this.#tensors = tensors;
  }

  /** The tensors by their names in the graph, e.g. `past.0.key`. */
  named(prefix: "past" | "present"): Record<string, OrtTensor> {
    return Object.fromEntries([...this.#tensors].map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
  }

  /** Another cache that holds the same first `length` positions. */
  copy(length: number): KvCache {
    const twin = new KvCache(this.#shape, this.capacity, this.#memory);
    const { kvHeads, headSize } = this.#shape;
    for (const [name, { data }] of this.#tensors) {
      const target = twin.#tensors.get(name)?.data;
      for (let head = 0; head < kvHeads; head++) {
        const start = head * this.capacity * headSize;
        target?.set(data.subarray(start, start + length * headSize), start);
      }
    }
    return twin;
  }

  release(): void {
    for (const tensor of this.#tensors.values()) tensor.release();
    for (const { key, value } of this.places?.layers ?? []) {
      this.#memory?.free(key);
      this.#memory?.free(value);
    }
  }
}

/** All of the arrays, or none. */
function placesIn(memory: StepMemory, layers: number, capacity: number, bytes: number): StepCache | undefined {
  const places: { key: number; value: number }[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const [key, value] = [memory.allocate(bytes), memory.allocate(bytes)];
    if (key !== undefined && value !== undefined) places.push({ key, value });
    else {
      for (const start of [key, value, ...places.flatMap((place) => [place.key, place.value])]) if (start !== undefined) memory.free(start);
      return undefined;
    }
  }
  return { capacity, layers: places };
}
