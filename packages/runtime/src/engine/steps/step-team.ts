import { Worker } from "node:worker_threads";
import { keepMachineCode } from "../../keep-machine-code.ts";
import type { PackedMatrix } from "./packed-matrix.ts";
import { type StepKernels, stepKernels, stepModule } from "./step-kernels.ts";
import type { StepMemory } from "./step-memory.ts";

const kinds = { multiply8: 0, multiply4: 1, multiply4WithMinima: 2, attend: 3 } as const;

/** All that a helper does is in the module. Looking at the board before it sleeps, it waits some hundred microseconds. */
const helperScript = `
  const { workerData: { module, memory, board } } = require("node:worker_threads");
  new WebAssembly.Instance(module, { host: { memory } }).exports.help(board, 50_000);
`;

export interface Attention {
  q: number;
  /** Of the first part of heads, from the first position that counts. */
  keys: number;
  values: number;
  /** Positions that count. */
  count: number;
  size: number;
  scale: number;
  heads: number;
  /** Heads that share keys and values, and the bytes from those of one part to the next's. */
  headsPerPart: number;
  partStride: number;
  /** Room for scores, by head. */
  scores: number;
  scoresStride: number;
  z: number;
}

/** This thread and its helpers, over one memory and a board where they agree on who does what (steps.wat). */
export class StepTeam {
  readonly kernels: StepKernels;
  readonly #address: number;
  readonly #board: Int32Array;
  /** The fields of a job; `scale` is float32 in the same place. */
  readonly #job: Int32Array;
  readonly #floats: Float32Array;
  readonly #helpers: number;

  private constructor(memory: StepMemory, address: number, module: object, threads: number) {
    this.kernels = stepKernels(module, memory.shared);
    this.#address = address;
    this.#board = new Int32Array(memory.shared.buffer, address, boardBytes / 4);
    this.#board.fill(0);
    this.#job = this.#board.subarray(16);
    this.#floats = memory.floats(address + 64, 16);
    this.#helpers = threads - 1;
    for (let helper = 0; helper < this.#helpers; helper++) {
      const worker = new Worker(helperScript, {
        eval: true,
        execArgv: [],
        workerData: { module, memory: memory.shared, board: address },
        resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 },
      });
      worker.on("error", () => {}); // the others do its shares
      worker.unref();
    }
  }

  /** Undefined where this processor or Node lacks what kernels need. Helpers join when they have started; nobody waits for them. */
  static over(memory: StepMemory, threads: number): StepTeam | undefined {
    const address = memory.allocate(boardBytes);
    if (address === undefined) return undefined;
    let module: object;
    keepMachineCode();
    try {
      module = stepModule();
    } catch {
      return undefined;
    }
    return new StepTeam(memory, address, module, threads);
  }

  /** y [outputs] = matrix · x, x as the matrix's kernel takes it. */
  multiply({ kernel, weights, scales, sums, groups, blocks }: PackedMatrix, x: number, y: number): void {
    const job = this.#closeJob();
    job[0] = kinds[kernel];
    job[1] = weights;
    job[2] = scales;
    job[3] = sums;
    job[4] = blocks;
    job[5] = x;
    job[6] = y;
    this.#run(groups, this.#helpers * 4 + 4);
  }

  /** z [heads, size]: what every head takes over. */
  attend({ q, keys, values, count, size, scale, heads, headsPerPart, partStride, scores, scoresStride, z }: Attention): void {
    const job = this.#closeJob();
    job[0] = kinds.attend;
    job[1] = q;
    job[2] = keys;
    job[3] = values;
    job[4] = count;
    job[5] = size;
    this.#floats[6] = scale;
    job[7] = scores;
    job[8] = scoresStride;
    job[9] = z;
    job[10] = headsPerPart;
    job[11] = partStride;
    this.#run(heads, heads);
  }

  #run(units: number, shares: number): void {
    const board = this.#board;
    board[2] = units;
    board[3] = this.#helpers === 0 ? 1 : Math.min(units, shares, mostShares);
    const claim = this.#next(0);
    if (Atomics.load(board, 4) > 0) Atomics.notify(board, 0);
    this.kernels.work(this.#address, claim);
    this.kernels.finish(this.#address);
  }

  /** From now on no share of the job before can be claimed: its fields may change. */
  #closeJob(): Int32Array {
    this.#next(mostShares);
    Atomics.store(this.#board, 1, 0);
    return this.#job;
  }

  /** Another job number, with its first shares taken. */
  #next(taken: number): number {
    const claim = (((Atomics.load(this.#board, 0) >>> 8) + 1) << 8) | taken;
    Atomics.store(this.#board, 0, claim);
    return claim;
  }

  close(): void {
    Atomics.store(this.#board, 5, 1);
    this.#closeJob();
    Atomics.notify(this.#board, 0);
  }
}

const boardBytes = 256;

/** The claim's low byte. */
const mostShares = 255;
