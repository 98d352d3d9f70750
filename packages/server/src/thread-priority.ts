import { setPriority } from "node:os";
import { platform } from "node:process";

const niceness = { proxy: 5, recorder: 10 };

/**
 * Lets another of our threads go first where the machine is busy: passing bytes on before recording, recording before explaining.
 * On Linux the call is about the calling thread alone; elsewhere it would slow the whole process, so it is not made.
 */
export function yieldTo(first: keyof typeof niceness): void {
  if (platform === "linux") setPriority(niceness[first]);
}
