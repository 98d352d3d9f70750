import { statSync } from "node:fs";
import { CutawayError } from "@cutaway/core";
import type { Architecture, Dimensions } from "../architectures/architecture.ts";
import { architectureOf } from "../architectures/index.ts";
import { ConfigReader } from "../open/config-reader.ts";
import type { Tensor } from "../open/open-graph.ts";
import { type Feed, type NetworkPlan, OpenNetwork } from "../open/open-network.ts";
import { OpenRunner, type Values } from "../open/open-runner.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { openGgufCheckpoint } from "../weights/gguf-checkpoint.ts";
import { openSafetensorsFolder } from "../weights/safetensors-folder.ts";
import { sharedWeights } from "./shared-weights.ts";

/** Tokens to look into: of a decoder or an encoder; an encoder–decoder's `ids` are the decoder's, `source` the encoder's. */
export interface Reading {
  ids: readonly number[];
  source?: readonly number[];
}

/** A model in float32, open to the inside. Graphs are written for what is asked, over one set of weights; the last few are kept. */
export interface OpenModel {
  readonly file: string;
  readonly architecture: Architecture;
  readonly dimensions: Dimensions;
  readonly config: ConfigReader;
  readonly checkpoint: Checkpoint;
  /**
   * Writes a graph (`key` names it: the same key is the same graph) and runs it; `outputs` become its outputs besides the hooks that are probed.
   * `reading`: one text, or several of one length as rows of a batch.
   */
  run<Name extends string>(question: Question<Name>, reading: Reading | readonly Reading[], given?: Readonly<Record<string, Values>>): Answer<Name>;
  close(): void;
}

export interface Question<Name extends string> {
  key: string;
  plan: Omit<NetworkPlan, "weightsAsInputs" | "cache">;
  /** Of which tokens the logits are wanted; default: all. */
  asked?: readonly number[];
  /** The values that are wanted, from a network and what it gives (logits, or an encoder's last state); undefined ones are left out. */
  outputs(network: OpenNetwork, out: Tensor): Record<Name, Tensor | undefined>;
}

export interface Answer<Name extends string> {
  outputs: Partial<Record<Name, Values>>;
  /** What was probed, by hook. */
  hooks: ReadonlyMap<string, Values>;
}

/**
 * Opens a GGUF file or a folder with config.json and safetensors for inspection. Weights are dequantised to float32, exactly.
 * @throws `model-not-found`, `bad-gguf`, `bad-safetensors`, `bad-model`, `unsupported-model`, `not-enough-memory`
 */
export function openModelInside(path: string, { threads = 1 }: { threads?: number } = {}): OpenModel {
  const checkpoint = openCheckpoint(path);
  try {
    return openInside(checkpoint, threads);
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** By what the path is: a folder, a safetensors file, or else a GGUF file. */
export function openCheckpoint(path: string): Checkpoint {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new CutawayError("model-not-found", `${path}: no such file`, { fix: "Check the path.", data: { path } });
  return stats.isDirectory() || path.endsWith(".safetensors") ? openSafetensorsFolder(path) : openGgufCheckpoint(path);
}

interface Written {
  runner: OpenRunner;
  outputs: Record<string, Tensor | undefined>;
  hooks: string[];
}

/** Graphs kept: they hold no weights, and their working memory grows with the texts that went through them. */
const keptGraphs = 3;

export function openInside(checkpoint: Checkpoint, threads: number): OpenModel {
  const config = new ConfigReader(checkpoint.config, checkpoint.file);
  const architecture = architectureOf(checkpoint.config.model_type, checkpoint.file);
  const dimensions = architecture.dimensions(config);
  const weights = sharedWeights(checkpoint);
  const kept = new Map<string, Written>();
  refuseSmallMemory(checkpoint);

  function write({ plan, outputs: wanted }: Question<string>): Written {
    const network = new OpenNetwork(checkpoint, { ...plan, weightsAsInputs: true });
    const outputs = wanted(network, architecture.build(network, config));
    for (const tensor of Object.values<Tensor | undefined>(outputs)) if (tensor) network.g.output(tensor);
    const hooks = network.g.outputs.map(({ name }) => name).filter((name) => network.values.has(name));
    return { runner: new OpenRunner(network, { threads, weights: weights.of(network) }), outputs, hooks };
  }

  return {
    file: checkpoint.file,
    architecture,
    dimensions,
    config,
    checkpoint,
    run(question, reading, given = {}) {
      const written = kept.get(question.key) ?? write(question);
      kept.delete(question.key);
      kept.set(question.key, written);
      for (const [key, { runner }] of kept) {
        if (kept.size <= keptGraphs) break;
        runner.close();
        kept.delete(key);
      }
      const values = written.runner.run(feedOf(Array.isArray(reading) ? reading : [reading as Reading], question.asked), given);
      const outputs: Record<string, Values> = {};
      for (const [name, tensor] of Object.entries(written.outputs)) if (tensor) outputs[name] = values.get(tensor.name) as Values;
      return { outputs: outputs as Answer<never>["outputs"], hooks: new Map(written.hooks.map((hook) => [hook, values.get(hook) as Values])) };
    },
    close() {
      for (const { runner } of kept.values()) runner.close();
      kept.clear();
      weights.close();
      checkpoint.close();
    },
  };
}

function feedOf(rows: readonly Reading[], asked: readonly number[] | undefined): Feed {
  const sources = rows.flatMap(({ source }) => (source ? [source] : []));
  return {
    ids: rows.map(({ ids }) => ids),
    lengths: rows.map(({ ids }) => ids.length),
    past: 0,
    ...(asked && { asked }),
    ...(sources.length > 0 && { source: { ids: sources, lengths: sources.map(({ length }) => length) } }),
  };
}

/** Weights are held once; one tensor more while it is read. */
function refuseSmallMemory({ tensors, file }: Checkpoint): void {
  const sizes = [...tensors.values()].map(({ shape }) => shape.reduce((product, size) => product * size, 4));
  const needed = sizes.reduce((sum, size) => sum + size, Math.max(0, ...sizes));
  const free = process.availableMemory();
  if (needed <= free) return;
  const mega = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
  throw new CutawayError("not-enough-memory", `${file}: looking inside takes its weights in float32, ${mega(needed)}; ${mega(free)} are free`, {
    fix: "Close other programs, or use a smaller model.",
    data: { needed, free },
  });
}
