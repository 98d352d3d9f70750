import type { DecoderConfig } from "../decoder-config.ts";
import type { DecoderWeights } from "../decoder-weights.ts";
import type { Matrix } from "../matrix.ts";
import { canPack, type PackedMatrix, packedBytes, packMatrices } from "./packed-matrix.ts";
import { StepMemory } from "./step-memory.ts";
import { StepTeam } from "./step-team.ts";

/** Addresses of what a layer has in memory. */
interface StepBlock {
  attentionNorm: number;
  qkv: PackedMatrix[];
  qkvBias: number | undefined;
  headNorms: { q: number; k: number } | undefined;
  attentionOut: PackedMatrix[];
  attentionOutBias: number | undefined;
  afterAttentionNorm: number | undefined;
  mlpNorm: number;
  gateUp: PackedMatrix[];
  gateUpBias: number | undefined;
  down: PackedMatrix[];
  downBias: number | undefined;
  afterMlpNorm: number | undefined;
}

/** Keys and values of a layer: [kvHeads, capacity, headSize] each. */
export interface StepCache {
  capacity: number;
  layers: readonly { key: number; value: number }[];
}

/** GELU by tanh is x · sigmoid(2 √(2/π) (x + 0.044715 x³)). */
const activations: Partial<Record<DecoderConfig["activation"], { linear: number; cubic: number }>> = {
  silu: { linear: 1, cubic: 0 },
  "gelu-tanh": { linear: 2 * Math.sqrt(2 / Math.PI), cubic: 2 * Math.sqrt(2 / Math.PI) * 0.044715 },
};

/**
 * The network of `decoder-graph.ts` for one token at a time, in WebAssembly over weights as the file has them: a step is limited by how fast weights
 * are read, and here they are read once, with nothing between them. Figures: docs/decisions/2026-11-27-steps.md.
 */
export class StepNetwork {
  readonly memory: StepMemory;
  /** [width]: the embedding of the token goes in here. */
  readonly embedding: Float32Array;
  readonly #team: StepTeam;
  readonly #config: DecoderConfig;
  readonly #pairs: DecoderWeights["pairs"];
  readonly #contextSize: number;
  readonly #blocks: StepBlock[];
  readonly #outputNorm: number;
  readonly #unembedding: PackedMatrix[];
  readonly #at: Record<"residual" | "normed" | "inputs8" | "inputs4" | "wide" | "z" | "found" | "scores" | "logits", number>;
  readonly #logits: Float32Array;
  readonly #queriesKeysValues: Float32Array;

  private constructor(
    memory: StepMemory,
    team: StepTeam,
    config: DecoderConfig,
    contextSize: number,
    weights: Pick<DecoderWeights, "pairs"> & { blocks: StepBlock[]; outputNorm: number; unembedding: PackedMatrix[] },
  ) {
    this.memory = memory;
    this.#team = team;
    this.#config = config;
    this.#contextSize = contextSize;
    this.#pairs = weights.pairs;
    this.#blocks = weights.blocks;
    this.#outputNorm = weights.outputNorm;
    this.#unembedding = weights.unembedding;
    const { width, heads, kvHeads, headSize, mlpWidth, vocabSize } = config;
    const widest = Math.max(width, heads * headSize, mlpWidth);
    const floats = (count: number) => required(memory.allocate(count * 4));
    this.#at = {
      residual: floats(width),
      normed: floats(width),
      inputs8: required(memory.allocate(16 + widest * 2)),
      inputs4: required(memory.allocate(widest * 1.5)),
      wide: floats(Math.max((heads + 2 * kvHeads) * headSize, 2 * mlpWidth)),
      z: floats(widest),
      found: floats(width),
      scores: floats(heads * this.#scoresRow),
      logits: floats(vocabSize),
    };
    this.embedding = memory.floats(this.#at.residual, width);
    this.#logits = memory.floats(this.#at.logits, vocabSize);
    this.#queriesKeysValues = memory.floats(this.#at.wide, (heads + 2 * kvHeads) * headSize);
  }

  /** Packs the weights. Undefined where kernels do not run here, the memory does not suffice, or a matrix is of a type that they do not take. */
  static of(weights: DecoderWeights, config: DecoderConfig, contextSize: number, threads: number): StepNetwork | undefined {
    if (config.headSize % 32 !== 0 || config.width % 4 !== 0 || config.mlpWidth % 4 !== 0 || activations[config.activation] === undefined)
      return undefined;
    const { blocks, unembedding, outputNorm } = weights;
    const matrices = [...blocks.flatMap(({ qkv, attentionOut, gateUp, down }) => [...qkv, attentionOut, ...gateUp, down]), unembedding];
    if (!matrices.every(canPack)) return undefined;
    let team: StepTeam | undefined;
    try {
      const memory = new StepMemory(matrices.reduce((bytes, matrix) => bytes + packedBytes(matrix), 0));
      team = StepTeam.over(memory, threads);
      if (!team) return undefined;
      const { kernels } = team;
      const pack = (parts: readonly Matrix[]) => alike(parts).map((group) => required(packMatrices(group, memory, kernels)));
      const place = (numbers: Float32Array) => required(memory.place(numbers));
      const placeAny = (numbers: Float32Array | undefined) => numbers && place(numbers);
      const stepBlocks = blocks.map((block) => ({
        attentionNorm: place(block.attentionNorm),
        qkv: pack(block.qkv),
        qkvBias: placeAny(block.qkvBias),
        headNorms: block.headNorms && { q: place(block.headNorms.q), k: place(block.headNorms.k) },
        attentionOut: pack([block.attentionOut]),
        attentionOutBias: placeAny(block.attentionOutBias),
        afterAttentionNorm: placeAny(block.afterAttentionNorm),
        mlpNorm: place(block.mlpNorm),
        gateUp: pack(block.gateUp),
        gateUpBias: placeAny(block.gateUpBias),
        down: pack([block.down]),
        downBias: placeAny(block.downBias),
        afterMlpNorm: placeAny(block.afterMlpNorm),
      }));
      const parts = { pairs: weights.pairs, blocks: stepBlocks, outputNorm: place(outputNorm), unembedding: pack([unembedding]) };
      return new StepNetwork(memory, team, config, contextSize, parts);
    } catch (error) {
      team?.close();
      if (error instanceof NoRoom || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Takes the token whose embedding is in place to `position`: its keys and values go into the cache, and its logits [vocab] into `logits`, if wanted. */
  step(cache: StepCache, position: number, logits: Float32Array | undefined): void {
    const { width, mlpWidth, normEpsilon, activation } = this.#config;
    const { kernels } = this.#team;
    const at = this.#at;
    const { linear, cubic } = activations[activation] as { linear: number; cubic: number };
    const turns = turnsAt(this.#config, position);
    for (const [layer, block] of this.#blocks.entries()) {
      // Attention: what the token takes over from those before it.
      kernels.norm(at.residual, block.attentionNorm, width, normEpsilon, at.normed);
      this.#multiply(block.qkv, at.normed, at.wide, block.qkvBias);
      if (block.headNorms) this.#normHeads(block.headNorms);
      this.#turn(turns[layer] as Turn);
      this.#attend(layer, cache, position);
      this.#multiply(block.attentionOut, at.z, at.found, block.attentionOutBias);
      if (block.afterAttentionNorm !== undefined) kernels.norm(at.found, block.afterAttentionNorm, width, normEpsilon, at.found);
      kernels.add(at.residual, at.found, width);
      if (logits === undefined && layer === this.#blocks.length - 1) return; // the cache has it: what follows serves the logits

      // MLP: what it makes of it by itself.
      kernels.norm(at.residual, block.mlpNorm, width, normEpsilon, at.normed);
      this.#multiply(block.gateUp, at.normed, at.wide, block.gateUpBias);
      kernels.activate(at.wide, at.wide + mlpWidth * 4, mlpWidth, linear, cubic, at.z);
      this.#multiply(block.down, at.z, at.found, block.downBias);
      if (block.afterMlpNorm !== undefined) kernels.norm(at.found, block.afterMlpNorm, width, normEpsilon, at.found);
      kernels.add(at.residual, at.found, width);
    }
    kernels.norm(at.residual, this.#outputNorm, width, normEpsilon, at.normed);
    this.#multiply(this.#unembedding, at.normed, at.logits, undefined);
    logits?.set(this.#logits);
  }

  /** The logits of a residual stream after the last norm, [width]. */
  logitsOf(normed: Float32Array, logits: Float32Array): void {
    this.memory.floats(this.#at.normed, normed.length).set(normed);
    this.#multiply(this.#unembedding, this.#at.normed, this.#at.logits, undefined);
    logits.set(this.#logits);
  }

  close(): void {
    this.#team.close();
  }

  get #scoresRow(): number {
    return Math.ceil((this.#contextSize + 4) / 16) * 16;
  }

  /** y = matrices · x + bias, the matrices' outputs one after the other. */
  #multiply(matrices: readonly PackedMatrix[], x: number, y: number, bias: number | undefined): void {
    const { kernels } = this.#team;
    const at = this.#at;
    let prepared: { for4?: true; for8?: true } = {};
    let to = y;
    for (const matrix of matrices) {
      const inputs = matrix.blocks * 32;
      const is8 = matrix.kernel === "multiply8";
      if (is8 && !prepared.for8) kernels.inputsFor8(x, inputs, at.inputs8);
      if (!is8 && !prepared.for4) kernels.inputsFor4(x, inputs, at.inputs4);
      prepared = { ...prepared, ...(is8 ? { for8: true } : { for4: true }) };
      this.#team.multiply(matrix, is8 ? at.inputs8 : at.inputs4, to);
      to += matrix.groups * 16;
    }
    if (bias !== undefined) kernels.add(y, bias, (to - y) / 4);
  }

  /** Queries and keys, each head by itself. */
  #normHeads(weights: { q: number; k: number }): void {
    const { heads, kvHeads, headSize, normEpsilon } = this.#config;
    for (let head = 0; head < heads + kvHeads; head++) {
      const place = this.#at.wide + head * headSize * 4;
      this.#team.kernels.norm(place, head < heads ? weights.q : weights.k, headSize, normEpsilon, place);
    }
  }

  /** Turns the pairs of queries and keys by the position's angles. */
  #turn({ cos, sin }: Turn): void {
    const { heads, kvHeads, headSize } = this.#config;
    const x = this.#queriesKeysValues;
    const pairs = cos.length;
    const [step, apart] = this.#pairs === "neighbours" ? [2, 1] : [1, pairs];
    for (let start = 0; start < (heads + kvHeads) * headSize; start += headSize) {
      for (let pair = 0, i = start; pair < pairs; pair++, i += step) {
        const [a, b] = [x[i] as number, x[i + apart] as number];
        const [c, s] = [cos[pair] as number, sin[pair] as number];
        x[i] = a * c - b * s;
        x[i + apart] = a * s + b * c;
      }
    }
  }

  #attend(layer: number, { capacity, layers }: StepCache, position: number): void {
    const { heads, kvHeads, headSize, windows, scale } = this.#config;
    const { key, value } = layers[layer] as { key: number; value: number };
    const partStride = capacity * headSize * 4;
    const rowBytes = headSize * 4;
    const x = this.#queriesKeysValues;
    for (let part = 0; part < kvHeads; part++) {
      const row = part * partStride + position * rowBytes;
      const at = (heads + part) * headSize;
      this.memory.floats(key + row, headSize).set(x.subarray(at, at + headSize));
      const valueAt = at + kvHeads * headSize;
      this.memory.floats(value + row, headSize).set(x.subarray(valueAt, valueAt + headSize));
    }
    const first = Math.max(0, position + 1 - (windows[layer] ?? position + 1));
    this.#team.attend({
      q: this.#at.wide,
      keys: key + first * rowBytes,
      values: value + first * rowBytes,
      count: position + 1 - first,
      size: headSize,
      scale,
      heads,
      headsPerPart: heads / kvHeads,
      partStride,
      scores: this.#at.scores,
      scoresStride: this.#scoresRow * 4,
      z: this.#at.z,
    });
  }
}

interface Turn {
  cos: Float32Array;
  sin: Float32Array;
}

/** By layer; layers that turn alike share one. */
function turnsAt({ speeds }: DecoderConfig, position: number): Turn[] {
  const known = new Map<Float64Array, Turn>();
  return speeds.map((kind) => {
    const turn = known.get(kind) ?? {
      cos: Float32Array.from(kind, (speed) => Math.cos(position * speed)),
      sin: Float32Array.from(kind, (speed) => Math.sin(position * speed)),
    };
    known.set(kind, turn);
    return turn;
  });
}

/** Neighbours of one type, to be packed as one. */
function alike(matrices: readonly Matrix[]): Matrix[][] {
  const groups: Matrix[][] = [];
  for (const matrix of matrices) {
    const last = groups.at(-1);
    if (last?.[0]?.type === matrix.type) last.push(matrix);
    else groups.push([matrix]);
  }
  return groups;
}

class NoRoom extends Error {}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new NoRoom();
  return value;
}
