import type { Segment } from "@cutaway/core";

/** Share of each segment, 0 to 1: by tokens where all are counted, else by characters, and it says which. */
export function sharesOf(segments: readonly Segment[]): { shares: number[]; by: "tokens" | "characters" } {
  const by = segments.every(({ tokens }) => tokens !== undefined) ? "tokens" : "characters";
  const sizes = segments.map((segment) => (by === "tokens" ? (segment.tokens ?? 0) : segment.text.length));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return { shares: sizes.map((size) => (all === 0 ? 0 : size / all)), by };
}

/** The segment that evidence with this path is in: the same place, or the nearest around it. */
export function segmentFor(segments: readonly Segment[], path: string): number | undefined {
  const exact = segments.findIndex(({ at }) => at === path);
  if (exact !== -1) return exact;
  let best: number | undefined;
  segments.forEach(({ at }, i) => {
    const around = path.startsWith(at) && /^[.[]/.test(path.slice(at.length));
    const within = at.startsWith(path) && /^[.[]/.test(at.slice(path.length));
    if ((around || within) && (best === undefined || at.length > (segments[best]?.at.length ?? 0))) best = i;
  });
  return best;
}
