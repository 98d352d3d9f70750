import { Worker } from "node:worker_threads";
import type { PackedMatrix } from "./packed-matrix.ts";
import { StepBoard } from "./step-board.ts";
import { doShare, jobKinds } from "./step-jobs.ts";
import { type StepKernels, stepKernels } from "./step-kernels.ts";
import type { StepMemory } from "./step-memory.ts";

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

/** This thread and its helpers, over one memory. */
export class StepTeam {
  readonly kernels: StepKernels;
  readonly #board: StepBoard;
  readonly #helpers: Worker[];
  readonly #work: (from: number, to: number) => void;

  private constructor(memory: StepMemory, address: number, kernels: StepKernels, threads: number) {
    this.kernels = kernels;
    this.#board = new StepBoard(memory.shared.buffer, address);
    this.#board.words.fill(0);
    this.#work = (from, to) => doShare(kernels, this.#board.job, this.#board.floats, from, to);
    const isSource = import.meta.url.endsWith(".ts");
    this.#helpers = Array.from({ length: threads - 1 }, () => {
      const helper = new Worker(new URL(isSource ? "./step-helper.ts" : "./step-helper.js", import.meta.url), {
        workerData: { memory: memory.shared, address },
        ...(isSource && { execArgv: ["--conditions=@cutaway/source"] }),
      });
      helper.on("error", () => {}); // the others do its shares
      helper.unref();
      return helper;
    });
  }

  /** Undefined where this processor or Node lacks what kernels need. Helpers join when they have started; nobody waits for them. */
  static over(memory: StepMemory, threads: number): StepTeam | undefined {
    const address = memory.allocate(StepBoard.bytes);
    if (address === undefined) return undefined;
    let kernels: StepKernels;
    try {
      kernels = stepKernels(memory.shared);
    } catch {
      return undefined;
    }
    return new StepTeam(memory, address, kernels, threads);
  }

  /** y [outputs] = matrix · x, x as the matrix's kernel takes it. */
  multiply({ kernel, weights, scales, sums, groups, blocks }: PackedMatrix, x: number, y: number): void {
    const { job } = this.#board;
    job[0] = jobKinds[kernel];
    job[1] = weights;
    job[2] = scales;
    job[3] = sums;
    job[4] = blocks;
    job[5] = x;
    job[6] = y;
    this.#run(groups, Math.min(groups, this.#helpers.length * 4 + 4));
  }

  /** z [heads, size]: what every head takes over. */
  attend({ q, keys, values, count, size, scale, heads, headsPerPart, partStride, scores, scoresStride, z }: Attention): void {
    const { job, floats } = this.#board;
    job[0] = jobKinds.attend;
    job[1] = q;
    job[2] = keys;
    job[3] = values;
    job[4] = count;
    job[5] = size;
    floats[6] = scale;
    job[7] = scores;
    job[8] = scoresStride;
    job[9] = z;
    job[10] = headsPerPart;
    job[11] = partStride;
    this.#run(heads, heads);
  }

  #run(units: number, shares: number): void {
    if (this.#helpers.length === 0) this.#work(0, units);
    else {
      this.#board.begin(units, Math.min(shares, 255));
      this.#board.help(this.#board.claim, this.#work);
      while (!this.#board.isDone);
    }
  }

  close(): void {
    this.#board.dismiss();
  }
}
