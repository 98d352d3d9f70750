import { CutawayError } from "@cutaway/core";
import type { Tensor } from "./open-graph.ts";
import type { Feed, OpenNetwork } from "./open-network.ts";

/** What every network reads, as inputs that are filled from the tokens: ids, positions, masks, angles. */

/** int64 [batch, tokens] */
export function tokenIds(net: OpenNetwork): Tensor {
  return net.feed("ids", "int64", ["batch", "tokens"], ({ ids }) => ({
    data: BigInt64Array.from(ids.flat(), BigInt),
    shape: [ids.length, ids[0]?.length ?? 0],
  }));
}

/** int64 [1, tokens]: 0, 1, 2 … from the cache on, moved by `offset`. */
export function positions(net: OpenNetwork, offset = 0): Tensor {
  return net.feed("positions", "int64", [1, "tokens"], (feed) => ({
    data: BigInt64Array.from({ length: newTokens(feed) }, (_, i) => BigInt(feed.past + i + offset)),
    shape: [1, newTokens(feed)],
  }));
}

/** Cosines and sines of the pairs' angles, [1, tokens, 1, pairs] each. `speeds`: radians a position, by pair; `amplitude` multiplies both. */
export function angles(net: OpenNetwork, name: string, speeds: Float64Array, amplitude = 1): { cos: Tensor; sin: Tensor } {
  const pairs = speeds.length;
  const table = (part: "cos" | "sin") =>
    net.feed(`${name}.${part}`, "float32", [1, "tokens", 1, pairs], (feed) => {
      const count = newTokens(feed);
      const data = new Float32Array(count * pairs);
      for (let i = 0, at = 0; i < count; i++) for (const speed of speeds) data[at++] = amplitude * Math[part]((feed.past + i) * speed);
      return { data, shape: [1, count, 1, pairs] };
    });
  return { cos: table("cos"), sin: table("sin") };
}

/** Added to the scores of what may not be seen. Not −∞, so that a row without anything to see (padding) stays a number. */
const hidden = -3e38;

/** float32 [batch, 1, tokens, keys]: 0 where a query may see a key. `window`: only the last so many, itself included. Padding is never seen. */
export function causalMask(net: OpenNetwork, window?: number): Tensor {
  const name = window === undefined ? "mask" : `mask.${window}`;
  return net.feed(name, "float32", ["batch", 1, "tokens", keyDimension(net)], (feed) => {
    const queries = newTokens(feed);
    const keys = feed.lengths.map((length) => feed.past + length);
    return mask(
      { first: feed.past, queries, keys, width: feed.past + queries },
      (query, key) => key <= query && (window === undefined || key > query - window),
    );
  });
}

/** Every token sees every other. */
export function fullMask(net: OpenNetwork): Tensor {
  return net.feed("mask", "float32", ["batch", 1, "tokens", "tokens"], (feed) => {
    const tokens = newTokens(feed);
    return mask({ first: 0, queries: tokens, keys: feed.lengths, width: tokens }, () => true);
  });
}

/** An encoder's tokens see one another … */
export function sourceMask(net: OpenNetwork): Tensor {
  return net.feed("source.mask", "float32", ["batch", 1, "sources", "sources"], (feed) => {
    const { ids, lengths } = sourceOf(feed);
    const width = ids[0]?.length ?? 0;
    return mask({ first: 0, queries: width, keys: lengths, width }, () => true);
  });
}

/** … and are seen by a decoder's. */
export function crossMask(net: OpenNetwork): Tensor {
  return net.feed("cross.mask", "float32", ["batch", 1, "tokens", "sources"], (feed) => {
    const { ids, lengths } = sourceOf(feed);
    return mask({ first: 0, queries: newTokens(feed), keys: lengths, width: ids[0]?.length ?? 0 }, () => true);
  });
}

/** int64 [batch, sources] */
export function sourceIds(net: OpenNetwork): Tensor {
  return net.feed("source.ids", "int64", ["batch", "sources"], (feed) => {
    const { ids } = sourceOf(feed);
    return { data: BigInt64Array.from(ids.flat(), BigInt), shape: [ids.length, ids[0]?.length ?? 0] };
  });
}

/** int64 [1, queries, keys]: the bucket of each pair, by how many tokens the key stands after the query. */
export function relativeBuckets(net: OpenNetwork, side: "encoder" | "decoder", bucketOf: (offset: number) => number): Tensor {
  const shape = side === "encoder" ? ["sources", "sources"] : ["tokens", keyDimension(net)];
  return net.feed(`${side}.buckets`, "int64", [1, ...shape], (feed) => {
    const first = side === "encoder" ? 0 : feed.past;
    const queries = side === "encoder" ? (sourceOf(feed).ids[0]?.length ?? 0) : newTokens(feed);
    const keys = first + queries;
    const data = new BigInt64Array(queries * keys);
    for (let query = 0, at = 0; query < queries; query++) {
      for (let key = 0; key < keys; key++) data[at++] = BigInt(bucketOf(key - (first + query)));
    }
    return { data, shape: [1, queries, keys] };
  });
}

/** Rows of `queries` positions from `first` on, over `width` keys, of which the first `keys[row]` are real. */
function mask({ first, queries, keys, width }: MaskSize, sees: (query: number, key: number) => boolean): { data: Float32Array; shape: number[] } {
  const data = new Float32Array(keys.length * queries * width);
  let at = 0;
  for (const real of keys) {
    for (let query = first; query < first + queries; query++) {
      for (let key = 0; key < width; key++) data[at++] = key < real && sees(query, key) ? 0 : hidden;
    }
  }
  return { data, shape: [keys.length, 1, queries, width] };
}

interface MaskSize {
  first: number;
  queries: number;
  keys: readonly number[];
  width: number;
}

/** How many keys there are to see: with a cache more than there are tokens. */
export const keyDimension = (net: OpenNetwork): string => (net.plan.cache ? "keys" : "tokens");

const newTokens = ({ ids }: Feed): number => ids[0]?.length ?? 0;

function sourceOf({ source }: Feed): NonNullable<Feed["source"]> {
  if (source) return source;
  throw new CutawayError("no-source", "the model is an encoder–decoder, and no text for its encoder was given", { fix: "Give the source text." });
}
