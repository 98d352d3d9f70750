import { CutawayError } from "@cutaway/core";
import type { OpenModel, Reading } from "./open-model.ts";

/** Values of the size of a layer's patterns, and of its stream, that differentiation keeps or makes at a time, from above. */
const patternsALayer = 8;
const streamsALayer = 40;

/** Differentiation keeps every layer's values at once, and patterns grow with the square of the text. @throws `not-enough-memory`, before any of it is taken */
export function refuseLongReading({ dimensions, file }: OpenModel, { ids, source = [] }: Reading, free = process.availableMemory()): void {
  const { layers, encoderLayers = 0, heads, width } = dimensions;
  const tokens = ids.length + source.length;
  const needed = (layers + encoderLayers) * tokens * 4 * (heads * tokens * patternsALayer + width * streamsALayer);
  if (needed <= free) return;
  const mega = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
  throw new CutawayError(
    "not-enough-memory",
    `${file}: tracing a logit back through ${tokens} tokens takes up to ${mega(needed)}; ${mega(free)} are free`,
    {
      fix: "Shorten the prompt, or look at attention and the lens, which take less.",
      data: { needed, free, tokens },
    },
  );
}
