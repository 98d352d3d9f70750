import { CutawayError } from "@cutaway/core";
import type { Checkpoint } from "../weights/checkpoint.ts";

/** Weights are held twice for a moment, as read and as ONNX Runtime keeps them. */
const copies = 2;

/**
 * Refuses what does not fit, before any weight is read. `besides`: bytes of the cache.
 * @throws `not-enough-memory`, naming the file and its largest tensor
 */
export function refuseSmallMemory({ tensors, file }: Pick<Checkpoint, "tensors" | "file">, besides = 0, free = process.availableMemory()): void {
  let weights = 0;
  let largest = { name: "", bytes: 0 };
  for (const [name, { shape }] of tensors) {
    const bytes = shape.reduce((product, size) => product * size, 4);
    weights += bytes;
    if (bytes > largest.bytes) largest = { name, bytes };
  }
  const needed = weights * copies + besides;
  if (needed <= free) return;
  const cache = besides > 0 ? ` and ${mega(besides)} for what it has read` : "";
  throw new CutawayError(
    "not-enough-memory",
    `${file}: in float32 its weights take ${mega(weights * copies)} while they are read${cache}; ${mega(free)} are free. Its largest tensor is ${largest.name}, ${mega(largest.bytes)}`,
    { fix: "Close other programs, or use a smaller model.", data: { needed, free, file, tensor: largest.name } },
  );
}

const mega = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
