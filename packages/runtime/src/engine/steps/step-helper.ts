import { workerData } from "node:worker_threads";
import { StepBoard } from "./step-board.ts";
import { doShare } from "./step-jobs.ts";
import { type SharedMemory, stepKernels } from "./step-kernels.ts";

/** A thread that takes shares of a team's jobs. Between jobs of one token it waits awake, between tokens it sleeps. */
const { memory, address } = workerData as { memory: SharedMemory; address: number };
const board = new StepBoard(memory.buffer, address);
const kernels = stepKernels(memory);

/** Looks at the board before sleeping: some hundred microseconds. */
const looks = 20_000;

let known = -1;
let idle = 0;
while (!board.isDismissed) {
  const { claim } = board;
  if (claim >>> 8 !== known) {
    board.help(claim, (from, to) => doShare(kernels, board.job, board.floats, from, to));
    known = claim >>> 8;
    idle = 0;
  } else if (++idle > looks) {
    board.sleep(claim);
    idle = 0;
  }
}
