import { setImmediate } from "node:timers/promises";
import { CutawayError, type Stepper } from "@cutaway/core";
import type { DecoderConfig } from "./decoder-config.ts";
import type { EmbeddingTable } from "./embedding-table.ts";
import { fastProbe } from "./fast-probes.ts";
import { KvCache } from "./kv-cache.ts";
import type { OrtBinding, OrtSession } from "./ort-session.ts";
import { type OrtTensor, ortTensor } from "./ort-tensor.ts";

/** What steppers of one engine share. */
export interface EngineParts {
  step: OrtSession;
  /** Only where it is faster with many tokens than `step` is. */
  prompt?: OrtSession;
  config: DecoderConfig;
  vocabSize: number;
  embeddings: EmbeddingTable;
  contextSize: number;
  /** Whether `step` has probes. */
  probes: boolean;
}

/** A value read inside the network. */
export interface ProbedValue {
  shape: readonly number[];
  data: Float32Array;
}

/** Tokens run at once; more give no more speed, only larger intermediate results. */
const chunkTokens = 256;

/** From this many tokens on the graph for prompts is the faster one (measured: the decision page). */
const promptTokens = 32;

/** Logits of this many bytes are computed at once at most. */
const logitsBytes = 32 * 1024 * 1024;

/** A tape of tokens over one engine: its own cache, shared weights. */
export class EngineStepper implements Stepper {
  readonly vocabSize: number;
  readonly capacity: number;
  readonly #parts: EngineParts;
  readonly #cache: KvCache;
  readonly #step: OrtBinding;
  readonly #prompt: OrtBinding | undefined;
  readonly #positions: { last_position: OrtTensor<Int32Array>; total_tokens: OrtTensor<Int32Array> };
  /** For one token and one row of logits: made once, used for most steps. */
  readonly #single: { embeddings: OrtTensor<Float32Array>; asked: OrtTensor<BigInt64Array>; logits: OrtTensor<Float32Array> };
  #length: number;
  #closed = false;

  constructor(parts: EngineParts, capacity = parts.contextSize, from?: { cache: KvCache; length: number }) {
    const { config, vocabSize } = parts;
    this.#parts = parts;
    this.vocabSize = vocabSize;
    this.capacity = capacity;
    this.#cache = from ? from.cache.copy(from.length) : new KvCache(config, capacity);
    this.#length = from?.length ?? 0;
    const embeddings = ortTensor("float32", [1, 1, config.width]);
    this.#single = { embeddings, asked: ortTensor("int64", [1]), logits: ortTensor("float32", [1, 1, vocabSize]) };
    this.#positions = { last_position: ortTensor("int32", [1]), total_tokens: ortTensor("int32", []) };
    const past = this.#cache.named("past");
    const present = this.#cache.named("present");
    const inputs = { embeddings, ...this.#positions, ...past };
    this.#step = parts.step.binding({ ...inputs, asked: this.#single.asked }, { ...present, logits: this.#single.logits });
    this.#prompt = parts.prompt?.binding(inputs, present);
  }

  get length(): number {
    return this.#length;
  }

  /** Besides the contract: `signal` ends a long prompt between two of its chunks; nothing is fed then. */
  async feed(ids: ArrayLike<number>, signal?: AbortSignal): Promise<Float32Array> {
    this.#check(ids);
    // The prompt's graph has no logits, so the last token is a step.
    await this.#run(ids, ids.length > promptTokens ? ids.length - 1 : 0, signal);
    return this.#single.logits.data;
  }

  /** Appends tokens whose logits nobody wants: saves a step. */
  async advance(ids: ArrayLike<number>, signal?: AbortSignal): Promise<void> {
    this.#check(ids);
    await this.#run(ids, ids.length >= promptTokens ? ids.length : 0, signal);
  }

  /** Appends tokens and gives the logits after each of them; a row is valid until the next is asked for. */
  async *feedEach(ids: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<Float32Array> {
    this.#check(ids);
    const { config, probes } = this.#parts;
    // Patterns of all layers are there until the run ends, asked for or not.
    const rowBytes = this.vocabSize * 4 + (probes ? config.layers * config.heads * this.capacity * 4 : 0);
    const chunk = Math.max(1, Math.min(chunkTokens, Math.floor(logitsBytes / rowBytes)));
    for (let start = 0; start < ids.length; start += chunk) {
      await setImmediate();
      signal?.throwIfAborted();
      const count = Math.min(chunk, ids.length - start);
      const rows = ortTensor("float32", [1, count, this.vocabSize]);
      try {
        this.#runStep(ids, start, count, rows);
      } finally {
        rows.release();
      }
      for (let row = 0; row < count; row++) yield rows.data.subarray(row * this.vocabSize, (row + 1) * this.vocabSize);
    }
  }

  /**
   * Feeds tokens as `feed` does, and reads values inside the network for each of them, by their hooks (`fast-probes.ts`).
   * @throws `no-probes` where the engine was loaded without, `unknown-hook`
   */
  async feedProbed(ids: ArrayLike<number>, hooks: readonly string[]): Promise<{ logits: Float32Array; values: Map<string, ProbedValue> }> {
    this.#check(ids);
    const { config, probes } = this.#parts;
    if (!probes)
      throw new CutawayError("no-probes", "this engine was loaded without probes", { fix: "Load it with probes: true.", kind: "internal" });
    const total = this.#length + ids.length;
    const found = hooks.map((hook) => ({ hook, probe: fastProbe(hook, config) }));
    const outputs: Record<string, OrtTensor<Float32Array>> = {};
    const values = new Map<string, ProbedValue>();
    try {
      for (const { probe } of found) {
        if (probe.output !== undefined) outputs[probe.output] ??= ortTensor("float32", probe.shape(ids.length, total));
      }
      this.#withEmbeddings(ids, 0, ids.length, (embeddings) => {
        this.#single.asked.data[0] = BigInt(ids.length - 1);
        const inputs = { embeddings, ...this.#positions, ...this.#cache.named("past"), asked: this.#single.asked };
        const all = { ...this.#cache.named("present"), logits: this.#single.logits, ...outputs };
        this.#parts.step.binding(inputs, all).run();
        for (const { hook, probe } of found) {
          const data = probe.output === undefined ? embeddings.data.slice() : (outputs[probe.output] as OrtTensor<Float32Array>).data;
          values.set(hook, { shape: probe.shape(ids.length, total), data });
        }
      });
    } finally {
      for (const tensor of Object.values(outputs)) tensor.release();
    }
    return { logits: this.#single.logits.data, values };
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
    for (const tensor of [...Object.values(this.#single), ...Object.values(this.#positions)]) tensor.release();
    this.#cache.release();
  }

  /** Feeds all or nothing: the first `bulk` tokens as a prompt where there is a graph for that, the others as steps. */
  async #run(ids: ArrayLike<number>, bulk: number, signal?: AbortSignal): Promise<void> {
    const before = this.#length;
    const prompt = this.#prompt ? bulk : 0;
    try {
      for (let start = 0; start < ids.length; ) {
        if (start > 0) await setImmediate();
        signal?.throwIfAborted();
        const count = Math.min(chunkTokens, (start < prompt ? prompt : ids.length) - start);
        if (start < prompt) this.#runPrompt(ids, start, count);
        else this.#runStep(ids, start, count);
        start += count;
      }
    } catch (error) {
      this.#length = before;
      throw error;
    }
  }

  #runPrompt(ids: ArrayLike<number>, start: number, count: number): void {
    this.#withEmbeddings(ids, start, count, (embeddings) => this.#prompt?.run({ embeddings }));
  }

  /** `rows` [1, count, vocab] takes the logits after each token; without it, `#single.logits` those after the last. */
  #runStep(ids: ArrayLike<number>, start: number, count: number, rows?: OrtTensor<Float32Array>): void {
    this.#withEmbeddings(ids, start, count, (embeddings) => {
      if (rows === undefined) {
        this.#single.asked.data[0] = BigInt(count - 1);
        this.#step.run({ embeddings, asked: this.#single.asked }, { logits: this.#single.logits });
        return;
      }
      const asked = ortTensor("int64", [count]);
      asked.data.set(BigInt64Array.from({ length: count }, (_, row) => BigInt(row)));
      try {
        this.#step.run({ embeddings, asked }, { logits: rows });
      } finally {
        asked.release();
      }
    });
  }

  /** Runs a graph over `count` tokens from `start` on and counts them as fed. */
  #withEmbeddings(ids: ArrayLike<number>, start: number, count: number, run: (embeddings: OrtTensor<Float32Array>) => void): void {
    const { config, embeddings: table } = this.#parts;
    const embeddings = count === 1 ? this.#single.embeddings : ortTensor("float32", [1, count, config.width]);
    try {
      for (let i = 0; i < count; i++) table.copyRow(ids[start + i] ?? 0, embeddings.data, i * config.width);
      const total = this.#length + count;
      this.#positions.last_position.data[0] = total - 1;
      this.#positions.total_tokens.data[0] = total;
      run(embeddings);
      this.#length = total;
    } finally {
      if (count > 1) embeddings.release();
    }
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
    this.#parts.step.refuseClosed();
    if (this.#closed) throw new CutawayError("stepper-closed", "this stepper is closed", { kind: "internal" });
  }
}
