import { CutawayError, type Stepper } from "@cutaway/core";
import type { Architecture, Dimensions } from "../architectures/architecture.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { ConfigReader } from "./config-reader.ts";
import { type Feed, OpenNetwork } from "./open-network.ts";
import { OpenRunner, type Values } from "./open-runner.ts";

/** What steppers of one open network share: the graph that takes a cache. */
export interface OpenParts {
  runner: OpenRunner;
  /** Names of the cache's arrays without `past.` and `present.`. */
  cached: readonly { name: string; heads: number; headSize: number }[];
  logits: string;
  dimensions: Dimensions;
  contextSize: number;
  /** What an encoder–decoder's decoder looks at. */
  encoded?: { states: Values; source: NonNullable<Feed["source"]> };
}

/** @throws `bad-graph` for an encoder, which has no next token */
export function openParts(
  architecture: Architecture,
  checkpoint: Checkpoint,
  { threads, contextSize, source }: { threads: number; contextSize?: number; source?: readonly number[] },
): OpenParts {
  const config = new ConfigReader(checkpoint.config, checkpoint.file);
  const dimensions = architecture.dimensions(config);
  const network = new OpenNetwork(checkpoint, { cache: true });
  let logits: string;
  let encoded: OpenParts["encoded"];
  if (architecture.encode && architecture.decode) {
    const ids = source ?? [];
    encoded = { states: encode(architecture, checkpoint, config, ids, threads), source: { ids: [ids], lengths: [ids.length] } };
    const out = architecture.decode(network, config, network.g.input("encoded", "float32", ["batch", "sources", dimensions.width]));
    network.g.output(out);
    logits = out.name;
  } else {
    const out = architecture.build(network, config);
    network.g.output(out);
    logits = out.name;
  }
  const cached = network.g.inputs.flatMap(({ name, shape }) =>
    name.startsWith("past.") ? [{ name: name.slice("past.".length), heads: shape[1] as number, headSize: shape[3] as number }] : [],
  );
  const runner = new OpenRunner(network, { threads, name: `${architecture.modelTypes[0]} step` });
  return { runner, cached, logits, dimensions, contextSize: contextSize ?? dimensions.trainedContext, ...(encoded && { encoded }) };
}

function encode(architecture: Architecture, checkpoint: Checkpoint, config: ConfigReader, ids: readonly number[], threads: number): Values {
  if (ids.length === 0) throw new CutawayError("no-source", "an encoder–decoder needs a text for its encoder", { fix: "Give the source text." });
  const network = new OpenNetwork(checkpoint);
  const out = (architecture.encode as NonNullable<Architecture["encode"]>)(network, config);
  network.g.output(out);
  const runner = new OpenRunner(network, { threads, name: "encoder" });
  try {
    return runner.run({ ids: [], lengths: [], past: 0, source: { ids: [ids], lengths: [ids.length] } }).get(out.name) as Values;
  } finally {
    runner.close();
  }
}

/** A tape of tokens over an open network, exact in float32: keys and values are handed on from call to call. */
export class OpenStepper implements Stepper {
  readonly vocabSize: number;
  readonly capacity: number;
  readonly #parts: OpenParts;
  #cache: Map<string, Values>;
  #length: number;
  #isClosed = false;

  constructor(parts: OpenParts, from?: { cache: Map<string, Values>; length: number }) {
    this.#parts = parts;
    this.vocabSize = parts.dimensions.vocabSize;
    this.capacity = parts.contextSize;
    this.#cache =
      from?.cache ?? new Map(parts.cached.map(({ name, heads, headSize }) => [name, { shape: [1, heads, 0, headSize], data: new Float32Array() }]));
    this.#length = from?.length ?? 0;
  }

  get length(): number {
    return this.#length;
  }

  async feed(ids: ArrayLike<number>): Promise<Float32Array> {
    const { logits } = this.#run(ids, [ids.length - 1]);
    return logits.data;
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
    return new OpenStepper(this.#parts, { cache: new Map(this.#cache), length: this.#length });
  }

  close(): void {
    this.#isClosed = true;
    this.#cache = new Map();
  }

  #run(ids: ArrayLike<number>, asked: readonly number[]): { logits: Values } {
    this.#check(ids);
    const { runner, cached, logits, encoded } = this.#parts;
    const feed: Feed = {
      ids: [Array.from(ids)],
      lengths: [ids.length],
      past: this.#length,
      asked,
      ...(encoded && { source: encoded.source }),
    };
    const given: Record<string, Values> = { ...(encoded && { encoded: encoded.states }) };
    for (const [name, values] of this.#cache) given[`past.${name}`] = values;
    const values = runner.run(feed, given);
    this.#cache = new Map(cached.map(({ name }) => [name, values.get(`present.${name}`) as Values]));
    this.#length += ids.length;
    return { logits: values.get(logits) as Values };
  }

  #check(ids: ArrayLike<number>): void {
    if (this.#isClosed) throw new CutawayError("stepper-closed", "this stepper is closed", { kind: "internal" });
    if (ids.length === 0) throw new CutawayError("nothing-to-feed", "no tokens were given to the model", { fix: "Give at least one token." });
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] ?? -1;
      if (Number.isInteger(id) && id >= 0 && id < this.vocabSize) continue;
      throw new CutawayError("unknown-token", `token ${id} at ${at} is none of the model's ${this.vocabSize}`, { data: { id, at } });
    }
    const total = this.#length + ids.length;
    if (total <= this.capacity) return;
    throw new CutawayError("context-full", `${total} tokens do not fit a context of ${this.capacity} (${this.#length} fed, ${ids.length} new)`, {
      fix: "Shorten the prompt, or ask for a larger context.",
      data: { length: this.#length, added: ids.length, capacity: this.capacity },
    });
  }
}

/** Of [1, heads, positions, size], the first so many positions. */
function firstPositions({ shape, data }: Values, length: number): Values {
  const [batch = 1, heads = 0, positions = 0, size = 0] = shape;
  const kept = new Float32Array(batch * heads * length * size);
  for (let head = 0; head < batch * heads; head++) {
    kept.set(data.subarray(head * positions * size, (head * positions + length) * size), head * length * size);
  }
  return { shape: [batch, heads, length, size], data: kept };
}
