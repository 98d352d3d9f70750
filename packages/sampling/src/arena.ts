import { type Kernels, loadKernels } from "./kernels/load-kernels.ts";

/** Scores of one block: the highest of each is kept, so that the few high scores of a large vocabulary are found without looking at the rest. */
export const STRIDE = 64;

/** So many weights are summed at once, and their sum kept: a draw looks for its part first. */
export const PART = 4096;

/** Bins of equal width that a line is looked for in. */
export const BINS = 1024;

/**
 * Where a step over the vocabulary takes place. One for the thread: a step is over before the next one begins, and the memory of WebAssembly is
 * best had once. Whoever holds one of its arrays from an earlier step holds nothing.
 */
export interface Arena {
  /** [size] */
  scores: Float32Array;
  /** [size] */
  ids: Uint32Array;
  /** [⌈size / STRIDE⌉]: the highest score of each block, where a distribution says that it is known. */
  blocks: Float32Array;
  /** The same of the logits as they came, for ranks. */
  rawBlocks: Float32Array;
  /** [size] each; what they hold means nothing from one stage to the next. `fineWeights` is for lists that are short enough to be exact. */
  keys: Float32Array;
  weights: Float32Array;
  fineWeights: Float64Array;
  /** [⌈size / PART⌉]: the sums of the weights, part by part. */
  parts: Float64Array;
  /** [BINS + 1] */
  bins: Float64Array;
  /** Absent where WebAssembly is not to be had: then everything is done in script. */
  kernels: Kernels | undefined;
  /** Where the arrays begin in the memory of the kernels, bytes. */
  at: { scores: number; ids: number; blocks: number; keys: number; weights: number; bins: number };
}

let arena: Arena | undefined;
let room = 0;

/** @param size how many tokens the vocabulary has */
export function arenaOf(size: number): Arena {
  if (!arena || room < size) {
    room = Math.ceil(size / STRIDE) * STRIDE;
    arena = createArena(room);
  }
  return arena;
}

/** Bytes at the beginning of the memory in which a kernel leaves its sums. */
const RESULTS = 64;

function createArena(size: number): Arena {
  const blockCount = size / STRIDE;
  const kernelsAt = layOut({ bins: 8 * (BINS + 1), scores: 4 * size, ids: 4 * size, keys: 4 * size, weights: 4 * size, blocks: 4 * blockCount });
  const { end, ...at } = kernelsAt;
  const kernels = loadKernels(end);
  const buffer = kernels ? kernels.memory.buffer : new ArrayBuffer(end);
  return {
    scores: new Float32Array(buffer, at.scores, size),
    ids: new Uint32Array(buffer, at.ids, size),
    keys: new Float32Array(buffer, at.keys, size),
    weights: new Float32Array(buffer, at.weights, size),
    blocks: new Float32Array(buffer, at.blocks, blockCount),
    bins: new Float64Array(buffer, at.bins, BINS + 1),
    rawBlocks: new Float32Array(blockCount),
    fineWeights: new Float64Array(size),
    parts: new Float64Array(Math.ceil(size / PART)),
    kernels,
    at,
  };
}

/** One after the other from where the results end, each at a multiple of 64 bytes. */
function layOut<Name extends string>(bytes: Record<Name, number>): Record<Name | "end", number> {
  let at = RESULTS;
  const places = {} as Record<Name | "end", number>;
  for (const [name, size] of Object.entries(bytes) as [Name, number][]) {
    places[name] = at;
    at += Math.ceil(size / 64) * 64;
  }
  return { ...places, end: at };
}
