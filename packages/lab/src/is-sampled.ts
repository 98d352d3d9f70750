import type { Request } from "@cutaway/core";

/**
 * Whether the request leaves the tokens to chance: not at temperature 0, nor with only the most probable token allowed.
 * A request that says neither is taken for sampled, for that is what providers do by default.
 */
export const isSampled = ({ parameters }: Request): boolean => parameters.temperature !== 0 && parameters.topK !== 1;
