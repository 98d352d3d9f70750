import { setImmediate } from "node:timers/promises";
import type { Tokenizer } from "@cutaway/core";
import { CutawayError } from "@cutaway/core";
import type { Architecture } from "../architectures/architecture.ts";
import { ortLibrary } from "../engine/ort-library.ts";
import type { EmbeddingInfo } from "../model-info.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { ConfigReader } from "./config-reader.ts";
import { threadsOf } from "./open-engine.ts";
import { OpenNetwork } from "./open-network.ts";
import { OpenRunner, type Values } from "./open-runner.ts";
import { refuseSmallMemory } from "./refuse-small-memory.ts";

/** An encoder that makes a vector of each text. */
export interface Embedder {
  threads: number;
  version: string;
  /** Vectors of length `size`, in the order of the texts. `isStopped` is looked at between two batches. @throws `interrupted` */
  embed(texts: readonly string[], isStopped?: () => boolean): Promise<Float32Array[]>;
  close(): void;
}

/** Texts read at once; more are no faster on a processor. */
const batchTexts = 16;
/** Tokens read at once, padding included: bounds the attention scores. */
const batchTokens = 4096;

/**
 * Texts of similar length are read together, filled up to the longest: attention never sees the filling, and pooling leaves it out.
 * What exceeds `longest` tokens is cut before [SEP], as the model's own library does.
 * @throws `not-enough-memory`, `bad-model`
 */
export function openEmbedder(
  architecture: Architecture,
  checkpoint: Checkpoint,
  tokenizer: Tokenizer,
  { threads: asked, ...info }: EmbeddingInfo & { threads?: number | undefined },
): Embedder {
  const threads = threadsOf(asked);
  refuseSmallMemory(checkpoint);
  const network = new OpenNetwork(checkpoint);
  const out = architecture.build(network, new ConfigReader(checkpoint.config, checkpoint.file));
  network.g.output(out);
  const runner = new OpenRunner(network, { threads, name: "embedder" });
  return {
    threads,
    version: ortLibrary().version,
    async embed(texts, isStopped = () => false) {
      const vectors: Float32Array[] = new Array(texts.length);
      const waiting = texts
        .map((text, index) => ({ index, ids: idsOf(tokenizer, text, info.longest) }))
        .toSorted((a, b) => b.ids.length - a.ids.length);
      while (waiting.length > 0) {
        await setImmediate();
        if (isStopped()) throw new CutawayError("interrupted", "the vectors are not wanted any more", { kind: "interrupted" });
        const width = waiting[0]?.ids.length ?? 0;
        const batch = waiting.splice(0, Math.max(1, Math.min(batchTexts, Math.floor(batchTokens / width))));
        const ids = batch.map((text) => [...text.ids, ...new Array<number>(width - text.ids.length).fill(0)]);
        const lengths = batch.map((text) => text.ids.length);
        const { data } = runner.run({ ids, lengths, past: 0 }).get(out.name) as Values;
        for (const [row, { index }] of batch.entries()) {
          const states = data.subarray(row * width * info.size, (row + 1) * width * info.size);
          vectors[index] = pooled(states, lengths[row] as number, info);
        }
      }
      return vectors;
    },
    close: () => runner.close(),
  };
}

/** With the tokens that go around a text; a text that is too long loses its end, but never the last of them. */
function idsOf(tokenizer: Tokenizer, text: string, longest: number): number[] {
  const ids = Array.from(tokenizer.encode(text, { allowedSpecial: "all", addSpecialTokens: true }));
  return ids.length <= longest ? ids : [...ids.slice(0, longest - 1), ids.at(-1) as number];
}

/** One vector of the first `count` of the states [tokens, size]. */
function pooled(states: Float32Array, count: number, { size, pooling, normalized }: EmbeddingInfo): Float32Array {
  const vector = states.slice(0, size);
  if (pooling !== "cls") {
    for (let token = 1; token < count; token++) {
      for (let at = 0; at < size; at++) {
        const value = states[token * size + at] as number;
        const before = vector[at] as number;
        vector[at] = pooling === "mean" ? before + value : Math.max(before, value);
      }
    }
    if (pooling === "mean") for (let at = 0; at < size; at++) vector[at] = (vector[at] as number) / count;
  }
  if (!normalized) return vector;
  const length = Math.max(1e-12, Math.hypot(...vector));
  return vector.map((value) => value / length);
}
