import { setImmediate } from "node:timers/promises";
import { CutawayError, type Stepper } from "@cutaway/core";
import type { Feed } from "./open-network.ts";
import type { Encoded, OpenParts } from "./open-parts.ts";
import type { Values } from "./open-runner.ts";

/** Tokens run at once: a long prompt is left between two such pieces where it is not wanted any more. */
const chunkTokens = 128;

/** Logits of this many bytes are computed at once at most. */
const logitsBytes = 32 * 1024 * 1024;

/** A tape of tokens over an open network, exact in float32: keys and values are handed on from call to call. */
export class OpenStepper implements Stepper {
  readonly vocabSize: number;
  readonly capacity: number;
  readonly #parts: OpenParts;
  #cache: Map<string, Values>;
  #length: number;
  #encoded: Encoded | undefined;
  #isClosed = false;

  constructor(parts: OpenParts, capacity = parts.contextSize, from?: { cache: Map<string, Values>; length: number; encoded: Encoded | undefined }) {
    this.#parts = parts;
    this.vocabSize = parts.dimensions.vocabSize;
    this.capacity = capacity;
    this.#cache = from?.cache ?? emptyCache(parts);
    this.#length = from?.length ?? 0;
    this.#encoded = from?.encoded;
  }

  get length(): number {
    return this.#length;
  }

  /** What an encoder–decoder's decoder looks at from now on; the tape begins anew. @throws `unknown-token`, `context-full` */
  async readSource(ids: ArrayLike<number>): Promise<void> {
    const { encode, contextSize } = this.#parts;
    if (!encode) throw new CutawayError("no-encoder", "this model has no encoder", { kind: "internal" });
    this.truncate(0);
    this.#check(ids, contextSize);
    this.#encoded = encode(Array.from(ids));
  }

  /** Besides the contract: `signal` ends a long prompt between two of its pieces; nothing is fed then. */
  async feed(ids: ArrayLike<number>, signal?: AbortSignal): Promise<Float32Array> {
    this.#check(ids, this.capacity);
    const before = { cache: this.#cache, length: this.#length };
    try {
      for (let start = 0; ; start += chunkTokens) {
        const piece = Array.prototype.slice.call(ids, start, start + chunkTokens) as number[];
        const { data } = this.#run(piece, [piece.length - 1]);
        if (start + piece.length === ids.length) return data;
        await setImmediate();
        signal?.throwIfAborted();
      }
    } catch (error) {
      [this.#cache, this.#length] = [before.cache, before.length];
      throw error;
    }
  }

  /** Appends tokens and gives the logits after each of them. */
  async *feedEach(ids: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<Float32Array> {
    this.#check(ids, this.capacity);
    const chunk = Math.max(1, Math.min(chunkTokens, Math.floor(logitsBytes / (this.vocabSize * 4))));
    for (let start = 0; start < ids.length; start += chunk) {
      await setImmediate();
      signal?.throwIfAborted();
      const piece = Array.prototype.slice.call(ids, start, start + chunk) as number[];
      const { data } = this.#run(
        piece,
        piece.map((_, row) => row),
      );
      for (let row = 0; row < piece.length; row++) yield data.subarray(row * this.vocabSize, (row + 1) * this.vocabSize);
    }
  }

  truncate(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new CutawayError("bad-truncate", `cannot truncate to ${length}: ${this.#length} tokens are fed`, { kind: "internal" });
    }
    if (length === this.#length) return;
    this.#cache = new Map([...this.#cache].map(([name, values]) => [name, firstPositions(values, length)]));
    this.#length = length;
  }

  /** Caches are replaced, never written to: both go on with the same one. */
  async fork(): Promise<OpenStepper> {
    return new OpenStepper(this.#parts, this.capacity, { cache: new Map(this.#cache), length: this.#length, encoded: this.#encoded });
  }

  close(): void {
    this.#isClosed = true;
    this.#cache = new Map();
  }

  #run(ids: readonly number[], asked: readonly number[]): Values {
    const { runner, cached, logits } = this.#parts;
    const feed: Feed = {
      ids: [ids],
      lengths: [ids.length],
      past: this.#length,
      asked,
      ...(this.#encoded && { source: this.#encoded.source }),
    };
    const given: Record<string, Values> = { ...(this.#encoded && { encoded: this.#encoded.states }) };
    for (const [name, values] of this.#cache) given[`past.${name}`] = values;
    const values = runner.run(feed, given);
    this.#cache = new Map(cached.map(({ name }) => [name, values.get(`present.${name}`) as Values]));
    this.#length += ids.length;
    return values.get(logits) as Values;
  }

  #check(ids: ArrayLike<number>, capacity: number): void {
    if (this.#isClosed) throw new CutawayError("stepper-closed", "this stepper is closed", { kind: "internal" });
    if (ids.length === 0) throw new CutawayError("nothing-to-feed", "no tokens were given to the model", { fix: "Give at least one token." });
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] ?? -1;
      if (Number.isInteger(id) && id >= 0 && id < this.vocabSize) continue;
      throw new CutawayError("unknown-token", `token ${id} at ${at} is none of the model's ${this.vocabSize}`, { data: { id, at } });
    }
    const total = this.#length + ids.length;
    if (total <= capacity) return;
    throw new CutawayError("context-full", `${total} tokens do not fit a context of ${capacity} (${this.#length} fed, ${ids.length} new)`, {
      fix: "Shorten the prompt, or ask for a larger context.",
      data: { length: this.#length, added: ids.length, capacity },
    });
  }
}

const emptyCache = ({ cached }: OpenParts): Map<string, Values> =>
  new Map(cached.map(({ name, heads, headSize }) => [name, { shape: [1, heads, 0, headSize], data: new Float32Array() }]));

/** Of [1, heads, positions, size], the first so many positions. */
function firstPositions({ shape, data }: Values, length: number): Values {
  const [batch = 1, heads = 0, positions = 0, size = 0] = shape;
  const kept = new Float32Array(batch * heads * length * size);
  for (let head = 0; head < batch * heads; head++) {
    kept.set(data.subarray(head * positions * size, (head * positions + length) * size), head * length * size);
  }
  return { shape: [batch, heads, length, size], data: kept };
}
