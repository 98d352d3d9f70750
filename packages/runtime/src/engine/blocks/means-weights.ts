import type { BlockMatrix } from "./block-matrix.ts";
import { setNibble } from "./nibbles.ts";

/**
 * Rounds what is left of one output's remainders to weights of the means' slots from `first` on (slot s holds the mean of block s modulo blocks),
 * and takes them away. `slotBlocks`: the block in which slot 0 lies, counted through all outputs.
 */
export function takeFromRemainders(
  remainders: Float64Array,
  first: number,
  { bits, blockSize, numbers, scales }: Pick<BlockMatrix, "bits" | "blockSize" | "numbers" | "scales">,
  slotBlocks: number,
): void {
  const blocks = remainders.length;
  const largestNumber = bits === 4 ? 7 : 127;
  for (let from = first; from < first + blocks; from += blockSize) {
    const to = Math.min(from + blockSize, first + blocks);
    let largest = 0;
    for (let slot = from; slot < to; slot++) largest = Math.max(largest, Math.abs(remainders[slot % blocks] ?? 0));
    const scale = Math.fround(largest / largestNumber);
    if (!(scale > 0)) continue;
    const block = slotBlocks + from / blockSize;
    scales[block] = scale;
    for (let slot = from; slot < to; slot++) {
      const remainder = remainders[slot % blocks] ?? 0;
      const number = Math.round(remainder / scale);
      remainders[slot % blocks] = remainder - number * scale;
      const at = block * blockSize + (slot - from);
      if (bits === 4) setNibble(numbers, at, number + 8);
      else numbers[at] = number + 128;
    }
  }
}
