import { setImmediate } from "node:timers/promises";
import { CutawayError, type Stepper } from "@cutaway/core";
import type { EmbeddingTable } from "./embedding-table.ts";
import { KvCache } from "./kv-cache.ts";
import type { LlamaConfig } from "./llama-config.ts";
import type { OrtBinding, OrtSession, OrtTensor } from "./ort-session.ts";

/** What steppers of one engine share. */
export interface EngineParts {
  session: OrtSession;
  config: LlamaConfig;
  vocabSize: number;
  embeddings: EmbeddingTable;
  contextSize: number;
}

/** Tokens run at once; more give no more speed, only larger intermediate results. */
const chunkTokens = 512;

/** Logits of this many bytes are computed at once at most. */
const logitsBytes = 32 * 1024 * 1024;

/** A tape of tokens over one engine: its own cache, shared weights. */
export class EngineStepper implements Stepper {
  readonly vocabSize: number;
  readonly capacity: number;
  readonly #parts: EngineParts;
  readonly #cache: KvCache;
  readonly #binding: OrtBinding;
  readonly #lastPosition = new Int32Array(16);
  readonly #totalTokens = new Int32Array(16);
  readonly #fixed: OrtTensor[];
  /** For one token and one row of logits, made once. */
  readonly #single: { embeddings: OrtTensor; asked: OrtTensor; logits: OrtTensor };
  #length: number;
  #closed = false;

  constructor(parts: EngineParts, capacity = parts.contextSize, from?: { cache: KvCache; length: number }) {
    const { session, config, vocabSize } = parts;
    this.#parts = parts;
    this.vocabSize = vocabSize;
    this.capacity = capacity;
    this.#cache = from ? from.cache.copy(from.length) : new KvCache(session, config, capacity);
    this.#length = from?.length ?? 0;
    this.#single = {
      embeddings: session.tensor("float32", [1, 1, config.width], new Float32Array(config.width)),
      asked: session.tensor("int64", [1], new BigInt64Array(8).subarray(0, 1)),
      logits: session.tensor("float32", [1, 1, vocabSize], new Float32Array(vocabSize)),
    };
    const positions = {
      last_position: session.tensor("int32", [1], this.#lastPosition.subarray(0, 1)),
      total_tokens: session.tensor("int32", [], this.#totalTokens.subarray(0, 1)),
    };
    this.#fixed = [...Object.values(this.#single), ...Object.values(positions)];
    const caches = (prefix: string) => Object.fromEntries([...this.#cache.tensors].map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
    this.#binding = session.binding(
      { embeddings: this.#single.embeddings, ...positions, asked: this.#single.asked, ...caches("past") },
      { ...caches("present"), logits: this.#single.logits },
    );
  }

  get length(): number {
    return this.#length;
  }

  /** Besides the contract: `signal` ends a long prompt between two of its chunks; nothing is fed then. */
  async feed(ids: ArrayLike<number>, signal?: AbortSignal): Promise<Float32Array> {
    this.#check(ids);
    const before = this.#length;
    try {
      for (let start = 0; start < ids.length; start += chunkTokens) {
        if (start > 0) await setImmediate();
        signal?.throwIfAborted();
        this.#run(ids, start, Math.min(chunkTokens, ids.length - start));
      }
    } catch (error) {
      this.#length = before;
      throw error;
    }
    return this.#single.logits.data as Float32Array;
  }

  /** Appends tokens and gives the logits after each of them; a row is valid until the next is asked for. */
  async *feedEach(ids: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<Float32Array> {
    this.#check(ids);
    const chunk = Math.max(1, Math.min(chunkTokens, Math.floor(logitsBytes / (this.vocabSize * 4))));
    for (let start = 0; start < ids.length; start += chunk) {
      await setImmediate();
      signal?.throwIfAborted();
      const count = Math.min(chunk, ids.length - start);
      const rows = new Float32Array(count * this.vocabSize);
      this.#run(ids, start, count, rows);
      for (let row = 0; row < count; row++) yield rows.subarray(row * this.vocabSize, (row + 1) * this.vocabSize);
    }
  }

  truncate(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new CutawayError("bad-truncate", `cannot truncate to ${length}: ${this.#length} tokens are fed`, { kind: "internal" });
    }
    this.#length = length;
  }

  async fork(): Promise<EngineStepper> {
    this.#refuseClosed();
    return new EngineStepper(this.#parts, this.capacity, { cache: this.#cache, length: this.#length });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const tensor of this.#fixed) tensor.release();
    this.#cache.release();
  }

  /** Feeds `count` tokens from `start` on; `rows` [count, vocab] takes the logits of all, else `#single.logits` those of the last. */
  #run(ids: ArrayLike<number>, start: number, count: number, rows?: Float32Array): void {
    const { session, config, embeddings } = this.#parts;
    const { width } = config;
    const temporary: OrtTensor[] = [];
    const make = (tensor: OrtTensor): OrtTensor => {
      temporary.push(tensor);
      return tensor;
    };
    const x = count === 1 ? this.#single.embeddings : make(session.tensor("float32", [1, count, width], new Float32Array(count * width)));
    for (let i = 0; i < count; i++) embeddings.copyRow(ids[start + i] ?? 0, x.data as Float32Array, i * width);
    let { asked, logits } = this.#single;
    if (rows === undefined) {
      (asked.data as BigInt64Array)[0] = BigInt(count - 1);
    } else {
      asked = make(session.tensor("int64", [count], BigInt64Array.from({ length: Math.max(8, count) }, (_, i) => BigInt(i)).subarray(0, count)));
      logits = make(session.tensor("float32", [1, count, this.vocabSize], rows));
    }
    const total = this.#length + count;
    this.#lastPosition[0] = total - 1;
    this.#totalTokens[0] = total;
    try {
      this.#binding.run({ embeddings: x, asked }, { logits });
    } finally {
      for (const tensor of temporary) tensor.release();
    }
    this.#length = total;
  }

  #check(ids: ArrayLike<number>): void {
    this.#refuseClosed();
    if (ids.length === 0) throw new CutawayError("nothing-to-feed", "no tokens were given to the model", { fix: "Give at least one token." });
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? -1;
      if (!Number.isInteger(id) || id < 0 || id >= this.vocabSize) {
        throw new CutawayError("unknown-token", `token ${id} at ${i} is none of the model's ${this.vocabSize}`, { data: { id, at: i } });
      }
    }
    const total = this.#length + ids.length;
    if (total > this.capacity) {
      throw new CutawayError("context-full", `${total} tokens do not fit a context of ${this.capacity} (${this.#length} fed, ${ids.length} new)`, {
        fix: "Shorten the prompt, or ask for a larger context.",
        data: { length: this.#length, added: ids.length, capacity: this.capacity },
      });
    }
  }

  #refuseClosed(): void {
    if (this.#closed) throw new CutawayError("stepper-closed", "this stepper is closed", { kind: "internal" });
  }
}
