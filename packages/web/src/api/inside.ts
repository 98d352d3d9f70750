import { bytesFromJson } from "@cutaway/core";
import type { AttentionSide } from "../state/inside-place.ts";
import { errorOf } from "./api-error.ts";
import { reach } from "./client.ts";
import { readFrame } from "./frame.ts";
import { json } from "./tokenizers.ts";

/** What is looked into: a stored call of a local model, or a model and a text. */
export type Subject = { call: string; answer: number } | { model: string; text: string };

export interface InsideToken {
  id: number;
  bytes: Uint8Array;
}

export interface InsideTokens {
  /** How many of `tokens` were given, not said by the model. */
  prompt: number;
  tokens: InsideToken[];
  /** Of an encoder–decoder: what the encoder read. */
  source?: InsideToken[];
}

export interface AttentionOverview {
  side: AttentionSide;
  layers: number;
  heads: number;
  queries: number;
  keys: number;
  rows: number;
  columns: number;
  /** [layers, heads, rows, columns]: of the queries of a row, the mean share on the keys of a column. */
  small: Float32Array;
  /** [layers, heads]: mean share on the first token. */
  sink: Float32Array;
}

/** [queries, keys] */
export interface AttentionPattern {
  queries: number;
  keys: number;
  pattern: Float32Array;
}

export interface LensToken {
  id: number;
  /** From 0. */
  rank: number;
  logprob: number;
}

export interface LensCell {
  position: number;
  top: { id: number; logprob: number }[];
  answer: LensToken;
  followed?: LensToken;
}

export interface Lens {
  from: number;
  to: number;
  /** By layer, −1 (the embeddings) first. */
  rows: { layer: number; cells: LensCell[] }[];
  /** Bytes by id. */
  texts: ReadonlyMap<number, Uint8Array>;
}

export interface Attribution {
  position: number;
  token: number;
  /** The logits are less this one's. */
  against?: number;
  input: { target: number; scores: number[]; decoderScores?: number[] };
  logit: { target: number; parts: LogitPart[]; rest: number };
}

export interface LogitPart {
  hook: string;
  layer?: number;
  score: number;
  heads?: number[];
}

export interface Network {
  file: string;
  type: string;
  kind: "decoder" | "encoder" | "encoder-decoder";
  dimensions: Record<"layers" | "width" | "heads" | "kvHeads" | "headSize" | "vocabSize" | "trainedContext", number> & { encoderLayers?: number };
  parts: NetworkPart[];
  parameters: number;
  bytes: number;
  openBytes: number;
  cacheBytesPerToken?: number;
  tied?: boolean;
  unplaced: string[];
  settings: Record<string, unknown>;
}

export interface NetworkPart {
  kind: "embedding" | "layer" | "encoder-layer" | "decoder-layer" | "head";
  times: number;
  layers?: [number, number];
  blocks: { kind: string; tensors: { name: string; shape: number[]; type: string }[]; parameters: number }[];
  parameters: number;
  bytes: number;
}

/** How a model tells where a token stands. */
export interface Positions {
  kind: Network["kind"];
  scheme:
    | { kind: "learned"; positions: number; similarity: { distance: number; cosine: number }[] }
    | { kind: "rotary"; turns: { layers: number[]; pairs: { pair: number; speed: number; period: number }[] }[] }
    | { kind: "buckets"; encoder: PositionBuckets; decoder: PositionBuckets };
  /** By layer, how many last tokens are seen; absent: all. */
  windows: { layer: number; window?: number }[];
}

export interface PositionBuckets {
  /** Absent ends: without end. `bias`: by head. */
  buckets: { bucket: number; from?: number; to?: number; bias: number[] }[];
}

export const insideApi = {
  models: async (signal?: AbortSignal): Promise<{ name: string; size: number }[]> =>
    ((await json(await reach("/api/models", { signal: signal ?? null }))) as { models: { name: string; size: number }[] }).models,

  network: async (subject: Subject | { model: string }, signal?: AbortSignal): Promise<Network> =>
    (await json(await ask("network", subject, {}, signal))) as Network,

  positions: async (subject: Subject | { model: string }, signal?: AbortSignal): Promise<Positions> =>
    (await json(await ask("positions", subject, {}, signal))) as Positions,

  tokens: async (subject: Subject, signal?: AbortSignal): Promise<InsideTokens> => {
    const { prompt, tokens, source } = (await json(await ask("tokens", subject, {}, signal))) as InsideTokens;
    const revived = (all: InsideToken[]) => all.map(({ id, bytes }) => ({ id, bytes: bytesFromJson(bytes) }));
    return { prompt, tokens: revived(tokens), ...(source && { source: revived(source) }) };
  },

  overview: async (subject: Subject, signal?: AbortSignal): Promise<AttentionOverview[]> => {
    const { head, arrays } = await packed<{ sides: Omit<AttentionOverview, "small" | "sink">[] }>(subject, {}, "cutaway/attention-overview", signal);
    return head.sides.map((side) => ({
      ...side,
      small: arrays[`${side.side}.small`] as Float32Array,
      sink: arrays[`${side.side}.sink`] as Float32Array,
    }));
  },

  pattern: async (subject: Subject, head: { side: AttentionSide; layer: number; head: number }, signal?: AbortSignal): Promise<AttentionPattern> => {
    const found = await packed<{ queries: number; keys: number }>(subject, head, "cutaway/attention-pattern", signal);
    return { queries: found.head.queries, keys: found.head.keys, pattern: found.arrays.pattern as Float32Array };
  },

  lens: async (subject: Subject, from: number, to: number, signal?: AbortSignal): Promise<Lens> => {
    const { texts, ...lens } = (await json(await ask("lens", subject, { from, to }, signal))) as Omit<Lens, "texts"> & {
      texts: Record<string, unknown>;
    };
    return { ...lens, texts: new Map(Object.entries(texts).map(([id, bytes]) => [Number(id), bytesFromJson(bytes)])) };
  },

  attribution: async (subject: Subject, target: { token: number; against?: number }, signal?: AbortSignal): Promise<Attribution> =>
    (await json(await ask("attribution", subject, target, signal))) as Attribution,
};

function ask(kind: string, subject: object, fields: object, signal?: AbortSignal): Promise<Response> {
  const body = JSON.stringify({ ...subject, ...fields });
  return reach(`/api/inside/${kind}`, { method: "POST", body, headers: { "content-type": "application/json" }, signal: signal ?? null });
}

async function packed<Head>(subject: Subject, fields: object, schema: string, signal?: AbortSignal) {
  const response = await ask("attention", subject, fields, signal);
  if (!response.ok) throw errorOf(response.status, await response.text());
  return readFrame<Head>(await response.arrayBuffer(), schema);
}
