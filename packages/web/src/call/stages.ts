import type { Call, Instants } from "@cutaway/core";

/** A stretch of a call's time, milliseconds after it was issued. */
export interface Stage {
  name: string;
  start: number;
  end: number;
  /** What passes in it, for a reader who does not know. */
  says: string;
  kind: "connect" | "server" | "wait" | "stream" | "tail";
}

/** The stages between the instants that were observed. A stage whose borders are unknown is not in the list. */
export function stagesOf({ instants }: Pick<Call, "instants">): Stage[] {
  const { connected, headers, firstToken, firstText, lastToken, closed, reused } = instants;
  const stages: Stage[] = [];
  const add = (name: string, start: number | undefined, end: number | undefined, kind: Stage["kind"], says: string) => {
    if (start !== undefined && end !== undefined && end >= start) stages.push({ name, start, end, kind, says });
  };
  const sent = reused ? 0 : connected;
  if (!reused) add("connect", 0, connected, "connect", "name look-up, TCP and TLS");
  add("until headers", sent ?? 0, headers, "server", "the request travels, waits in the provider's queue, and starts to be answered");
  add("until first token", headers ?? sent ?? 0, firstToken, "wait", "the prompt is read (prefill)");
  if (firstText !== undefined && firstText !== firstToken) add("reasoning", firstToken, firstText, "wait", "tokens that are not answer text");
  add("stream", firstText ?? firstToken, lastToken, "stream", "tokens arrive");
  if (lastToken === undefined) add("until close", headers, closed, "tail", "the answer's body; no token has a time of its own in it");
  else add("until close", lastToken, closed, "tail", "after the last token: usage, the end marker, the socket");
  return stages;
}

export interface Mark {
  name: keyof Instants;
  label: string;
  at: number;
}

/** The observed instants by time. */
export function marksOf({ instants }: Pick<Call, "instants">): Mark[] {
  const labels = [
    ["connected", "connected"],
    ["headers", "headers"],
    ["firstToken", "first token"],
    ["firstText", "first text"],
    ["lastToken", "last token"],
    ["closed", "closed"],
  ] as const;
  return labels
    .flatMap(([name, label]) => {
      const at = instants[name];
      return at === undefined ? [] : [{ name, label, at }];
    })
    .sort((a, b) => a.at - b.at);
}

/** Milliseconds that the drawing spans. */
export function spanOf({ instants }: Pick<Call, "instants">): number {
  const lastChunk = instants.chunks?.at(-1)?.[0];
  return Math.max(1, ...[instants.closed, instants.lastToken, instants.firstToken, instants.headers, lastChunk].flatMap((at) => at ?? []));
}

/** Round positions for the lines of an axis, 0 included: steps of 1, 2 or 5 × a power of ten, about `wanted` of them. */
export function ticks(span: number, wanted: number): number[] {
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => i * step);
}

export type Chunks = readonly (readonly [at: number, bytes: number])[];

/** Bytes that arrived in each of `bins` equal parts of the span. */
export function binChunks(chunks: Chunks, span: number, bins: number): Float64Array {
  const sums = new Float64Array(Math.max(1, Math.floor(bins)));
  for (const [at, bytes] of chunks) {
    const bin = Math.max(0, Math.min(sums.length - 1, Math.floor((at / span) * sums.length)));
    sums[bin] = (sums[bin] as number) + bytes;
  }
  return sums;
}

export interface Gap {
  /** Index of the chunk that ended it. */
  chunk: number;
  start: number;
  end: number;
}

/** The longest silences between chunks, longest first. */
export function longestGaps(chunks: Chunks, count: number): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < chunks.length; i++) {
    const [start] = chunks[i - 1] as Chunks[number];
    const [end] = chunks[i] as Chunks[number];
    if (gaps.length < count || end - start > gapLength(gaps[gaps.length - 1])) {
      gaps.push({ chunk: i, start, end });
      gaps.sort((a, b) => gapLength(b) - gapLength(a));
      gaps.length = Math.min(gaps.length, count);
    }
  }
  return gaps;
}

const gapLength = (gap: Gap | undefined): number => (gap ? gap.end - gap.start : 0);
