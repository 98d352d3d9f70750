import { setImmediate } from "node:timers/promises";
import { CutawayError, type Stepper } from "@cutaway/core";
import { fastProbe } from "./fast-probes.ts";
import { GraphPassage } from "./graph-passage.ts";
import { KernelPassage } from "./kernel-passage.ts";
import { KvCache } from "./kv-cache.ts";
import { type OrtTensor, ortTensor } from "./ort-tensor.ts";
import { type EngineParts, type Passage, TapeInputs } from "./passage.ts";

/** A value read inside the network. */
export interface ProbedValue {
  shape: readonly number[];
  data: Float32Array;
}

/** Tokens run at once; more give no more speed, only larger intermediate results. */
const chunkTokens = 256;

/** Logits of this many bytes are computed at once at most. */
const logitsBytes = 32 * 1024 * 1024;

/** A tape of tokens over one engine: its own cache, shared weights. */
export class EngineStepper implements Stepper {
  readonly vocabSize: number;
  readonly capacity: number;
  readonly #parts: EngineParts;
  readonly #cache: KvCache;
  readonly #inputs: TapeInputs;
  readonly #passage: Passage;
  /** After the last token fed. */
  readonly #logits: OrtTensor<Float32Array>;
  #length: number;
  #closed = false;

  constructor(parts: EngineParts, capacity = parts.contextSize, from?: { cache: KvCache; length: number }) {
    const { config, vocabSize, networks } = parts;
    this.#parts = parts;
    this.vocabSize = vocabSize;
    this.capacity = capacity;
    this.#cache = from ? from.cache.copy(from.length) : new KvCache(config, capacity, "steps" in networks ? networks.steps.memory : undefined);
    this.#length = from?.length ?? 0;
    this.#inputs = new TapeInputs(parts, this.#cache);
    this.#logits = ortTensor("float32", [1, 1, vocabSize]);
    this.#passage =
      "steps" in networks
        ? new KernelPassage(parts, networks, this.#inputs, this.#cache)
        : new GraphPassage(parts, networks, this.#inputs, this.#logits);
  }

  get length(): number {
    return this.#length;
  }

  /** Besides the contract: `signal` ends a long prompt between two of its chunks; nothing is fed then. */
  async feed(ids: ArrayLike<number>, signal?: AbortSignal): Promise<Float32Array> {
    this.#check(ids);
    await this.#run(ids, true, signal);
    return this.#logits.data;
  }

  /** Appends tokens whose logits nobody wants: saves a step. */
  async advance(ids: ArrayLike<number>, signal?: AbortSignal): Promise<void> {
    this.#check(ids);
    await this.#run(ids, false, signal);
  }

  /** Appends tokens and gives the logits after each of them; a row is valid until the next is asked for. */
  async *feedEach(ids: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<Float32Array> {
    this.#check(ids);
    const { config, networks } = this.#parts;
    // Patterns of all layers are there until the run ends, asked for or not.
    const probeBytes = "step" in networks && networks.probes ? config.layers * config.heads * this.capacity * 4 : 0;
    const chunk = Math.max(1, Math.min(chunkTokens, Math.floor(logitsBytes / (this.vocabSize * 4 + probeBytes))));
    for (let start = 0; start < ids.length; start += chunk) {
      await setImmediate();
      signal?.throwIfAborted();
      const count = Math.min(chunk, ids.length - start);
      const rows = this.#passage.each({ ids, start, count, length: this.#length })[Symbol.iterator]();
      let row = rows.next(); // now they are fed
      this.#length += count;
      for (; !row.done; row = rows.next()) yield row.value;
    }
  }

  /**
   * Feeds tokens as `feed` does, and reads values inside the network for each of them, by their hooks (`fast-probes.ts`).
   * @throws `no-probes` where the engine was loaded without, `unknown-hook`
   */
  async feedProbed(ids: ArrayLike<number>, hooks: readonly string[]): Promise<{ logits: Float32Array; values: Map<string, ProbedValue> }> {
    this.#check(ids);
    const { config, networks } = this.#parts;
    if (!("step" in networks && networks.probes))
      throw new CutawayError("no-probes", "this engine was loaded without probes", { fix: "Load it with probes: true.", kind: "internal" });
    const total = this.#length + ids.length;
    const found = hooks.map((hook) => ({ hook, probe: fastProbe(hook, config) }));
    const outputs: Record<string, OrtTensor<Float32Array>> = {};
    const values = new Map<string, ProbedValue>();
    try {
      for (const { probe } of found) {
        if (probe.output !== undefined) outputs[probe.output] ??= ortTensor("float32", probe.shape(ids.length, total));
      }
      const asked = ortTensor("int64", [1]);
      asked.data[0] = BigInt(ids.length - 1);
      this.#inputs.with({ ids, start: 0, count: ids.length, length: this.#length }, (embeddings) => {
        const inputs = { embeddings, ...this.#inputs.positions, ...this.#inputs.past, asked };
        networks.step.binding(inputs, { ...this.#inputs.present, logits: this.#logits, ...outputs }).run();
        for (const { hook, probe } of found) {
          const data = probe.output === undefined ? embeddings.data.slice() : (outputs[probe.output] as OrtTensor<Float32Array>).data;
          values.set(hook, { shape: probe.shape(ids.length, total), data });
        }
      });
      asked.release();
      this.#length = total;
    } finally {
      for (const tensor of Object.values(outputs)) tensor.release();
    }
    return { logits: this.#logits.data, values };
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
    this.#logits.release();
    this.#inputs.release();
    this.#passage.release();
    this.#cache.release();
  }

  /** Feeds all or nothing. */
  async #run(ids: ArrayLike<number>, wantsLogits: boolean, signal?: AbortSignal): Promise<void> {
    const before = this.#length;
    try {
      for (let start = 0; start < ids.length; ) {
        if (start > 0) await setImmediate();
        signal?.throwIfAborted();
        const stretch = { ids, start, count: Math.min(chunkTokens, ids.length - start), length: this.#length };
        start += stretch.count;
        if (wantsLogits && start === ids.length) this.#passage.last(stretch, this.#logits);
        else this.#passage.fill(stretch);
        this.#length += stretch.count;
      }
    } catch (error) {
      this.#length = before;
      throw error;
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
    const { networks } = this.#parts;
    ("steps" in networks ? networks.bulk : networks.step).refuseClosed();
    if (this.#closed) throw new CutawayError("stepper-closed", "this stepper is closed", { kind: "internal" });
  }
}
