import { setFlagsFromString } from "node:v8";

/**
 * From now on V8 takes no more memory for new objects than it has come to take while the model was opened. Left to itself it doubles that after some
 * minutes of many streams, to 100 MB and more a thread, and holds it: memory that grows without anything being kept.
 */
export function settleHeap(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
