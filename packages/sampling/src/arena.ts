import { type Kernels, loadKernels } from "./kernels/load-kernels.ts";

/** Scores of one block: the highest of each is kept, so that the few high scores of a large vocabulary are found without looking at the rest. */
export const STRIDE = 64;

/**
 * Where a step over the vocabulary takes place. One for the thread: a step is over before the next one begins, and the memory of WebAssembly is
 * best had once. Whoever holds one of its arrays from an earlier step holds nothing.
 */
export interface Arena {
  /** [size]; the rest of the last block is -Infinity at the beginning of a step. */
  scores: Float32Array;
  /** [size] */
  ids: Uint32Array;
  /** [⌈size / STRIDE⌉]: the highest score of each block, where a distribution says that it is known. */
  blocks: Float32Array;
  /** The same of the logits as they came, for ranks. */
  rawBlocks: Float32Array;
  /** [size] each; what they hold means nothing from one stage to the next. */
  keys: Float32Array;
  weights: Float64Array;
  /** Absent where WebAssembly is not to be had: then everything is done in script. */
  kernels: Kernels | undefined;
  /** Where the arrays begin in the memory of the kernels, bytes. */
  at: { scores: number; ids: number; blocks: number };
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
  const blockCount = Math.ceil(size / STRIDE);
  // Multiples of 16 bytes each, as the kernels ask.
  const blockBytes = Math.ceil((blockCount * 4) / 64) * 64;
  const at = { scores: RESULTS, ids: RESULTS + size * 4, blocks: RESULTS + size * 8 };
  const kernels = loadKernels(at.blocks + blockBytes);
  const buffer = kernels ? kernels.memory.buffer : new ArrayBuffer(at.blocks + blockBytes);
  return {
    scores: new Float32Array(buffer, at.scores, size),
    ids: new Uint32Array(buffer, at.ids, size),
    blocks: new Float32Array(buffer, at.blocks, blockCount),
    rawBlocks: new Float32Array(blockCount),
    keys: new Float32Array(size),
    weights: new Float64Array(size),
    kernels,
    at,
  };
}
