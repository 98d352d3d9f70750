import type { Values } from "../open/open-runner.ts";

/** Ranges of tokens that are looked at together, e.g. the user's message. */
export interface TokenGroup {
  name: string;
  positions: readonly number[];
}

/** One head's pattern in numbers. Shares are of the attention, 0 to 1. */
export interface HeadReport {
  layer: number;
  head: number;
  /** Into the first token, over all tokens but it. */
  sink: number;
  /** Into the token just before. */
  previous: number;
  /** Into the token after an earlier occurrence of the same token; absent where fewer than `induction.queries` tokens occur again. */
  induction?: number;
  /** Nats, over all tokens but the first; and as a share of the largest possible. */
  entropy: number;
  evenness: number;
  /** Of the token that is asked about: into the first token, into the last `tail`, and into each group. */
  asked: { sink: number; tail: number; groups: number[] };
  is: HeadKind[];
}

export type HeadKind = "sink" | "previous-token" | "induction-like";

/** What makes a head one of a kind: conventions, not measurements. */
export const criteria = {
  sink: 0.5,
  previous: 0.5,
  induction: { share: 0.4, queries: 4 },
} as const;

export interface PatternOptions {
  ids: readonly number[];
  /** The token whose attention is told in `asked`: it predicts the next one. */
  position: number;
  /** How many of the last tokens up to it are the tail. */
  tail: number;
  groups: readonly TokenGroup[];
}

/** Reads one layer's patterns, [1, heads, queries, keys]: of a decoder, or an encoder (then `previous` and `induction` look at earlier tokens all the same). */
export function reportHeads(layer: number, { shape, data }: Values, { ids, position, tail, groups }: PatternOptions): HeadReport[] {
  const [, heads = 0, queries = 0, keys = 0] = shape;
  const copies = earlierCopies(ids);
  return Array.from({ length: heads }, (_, head): HeadReport => {
    const row = (query: number) => data.subarray((head * queries + query) * keys, (head * queries + query + 1) * keys);
    const mean = (of: (query: number, row: Float32Array) => number, from: number) => {
      let sum = 0;
      for (let query = from; query < queries; query++) sum += of(query, row(query));
      return queries > from ? sum / (queries - from) : 0;
    };
    const sink = mean((_, at) => at[0] as number, 1);
    const previous = mean((query, at) => at[query - 1] as number, 1);
    const entropy = mean((_, at) => entropyOf(at), 1);
    const evenness = mean((_, at) => entropyOf(at) / Math.log(Math.max(2, visible(at))), 1);
    const induction = inductionShare(copies, row);
    const asked = row(position);
    const share = (positions: readonly number[]) => positions.reduce((sum, at) => sum + (asked[at] ?? 0), 0);
    const last = Array.from({ length: Math.min(tail, position + 1) }, (_, back) => position - back);
    return {
      layer,
      head,
      sink,
      previous,
      ...(induction !== undefined && { induction }),
      entropy,
      evenness,
      asked: { sink: asked[0] as number, tail: share(last), groups: groups.map(({ positions }) => share(positions)) },
      is: [
        ...(sink >= criteria.sink ? (["sink"] as const) : []),
        ...(previous >= criteria.previous && queries > 3 ? (["previous-token"] as const) : []),
        ...((induction ?? 0) >= criteria.induction.share ? (["induction-like"] as const) : []),
      ],
    };
  });
}

/** The share of a head that follows earlier copies: source  Olsson et al. 2022, "In-context Learning and Induction Heads", arXiv 2209.11895 */
function inductionShare(copies: readonly number[][], row: (query: number) => Float32Array): number | undefined {
  let queries = 0;
  let sum = 0;
  for (const [query, earlier] of copies.entries()) {
    if (earlier.length === 0) continue;
    queries++;
    for (const at of earlier) if (at + 1 < query) sum += row(query)[at + 1] as number;
  }
  return queries >= criteria.induction.queries ? sum / queries : undefined;
}

/** Of each token, where it occurred before. */
function earlierCopies(ids: readonly number[]): number[][] {
  const seen = new Map<number, number[]>();
  return ids.map((id, at) => {
    const before = seen.get(id) ?? [];
    seen.set(id, [...before, at]);
    return before;
  });
}

/** Nats. */
export function entropyOf(row: Float32Array): number {
  let sum = 0;
  for (const share of row) if (share > 0) sum -= share * Math.log(share);
  return sum;
}

const visible = (row: Float32Array): number => row.reduce((count, share) => count + (share > 0 ? 1 : 0), 0);
