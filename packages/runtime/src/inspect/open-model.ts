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

/** Tokens to look into: of a decoder or an encoder; an encoder–decoder's `ids` are the decoder's, `source` the encoder's. */
export interface Reading {
  ids: readonly number[];
  source?: readonly number[];
}

/** A model in float32, open to the inside. Graphs are written for what is asked; the last one is kept. */
export interface OpenModel {
  readonly file: string;
  readonly architecture: Architecture;
  readonly dimensions: Dimensions;
  readonly config: ConfigReader;
  readonly checkpoint: Checkpoint;
  /** Writes a graph (`key` names it: the same key is the same graph) and runs it; `outputs` become its outputs besides the hooks that are probed. */
  run<Name extends string>(question: Question<Name>, reading: Reading, given?: Readonly<Record<string, Values>>): Answer<Name>;
  close(): void;
}

export interface Question<Name extends string> {
  key: string;
  plan: NetworkPlan;
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

export function openInside(checkpoint: Checkpoint, threads: number): OpenModel {
  const config = new ConfigReader(checkpoint.config, checkpoint.file);
  const architecture = architectureOf(checkpoint.config.model_type, checkpoint.file);
  const dimensions = architecture.dimensions(config);
  let kept: { key: string; runner: OpenRunner; outputs: Record<string, Tensor | undefined>; hooks: string[] } | undefined;
  return {
    file: checkpoint.file,
    architecture,
    dimensions,
    config,
    checkpoint,
    run(question, reading, given = {}) {
      if (kept?.key !== question.key) {
        kept?.runner.close();
        kept = undefined;
        refuseSmallMemory(checkpoint);
        const network = new OpenNetwork(checkpoint, question.plan);
        const outputs = question.outputs(network, architecture.build(network, config));
        for (const tensor of Object.values<Tensor | undefined>(outputs)) if (tensor) network.g.output(tensor);
        const hooks = network.g.outputs.map(({ name }) => name).filter((name) => network.values.has(name));
        kept = { key: question.key, runner: new OpenRunner(network, { threads }), outputs, hooks };
      }
      const values = kept.runner.run(feedOf(reading, question.asked), given);
      const outputs: Record<string, Values> = {};
      for (const [name, tensor] of Object.entries(kept.outputs)) if (tensor) outputs[name] = values.get(tensor.name) as Values;
      return { outputs: outputs as Answer<never>["outputs"], hooks: new Map(kept.hooks.map((hook) => [hook, values.get(hook) as Values])) };
    },
    close() {
      kept?.runner.close();
      kept = undefined;
      checkpoint.close();
    },
  };
}

function feedOf({ ids, source }: Reading, asked: readonly number[] | undefined): Feed {
  return {
    ids: [ids],
    lengths: [ids.length],
    past: 0,
    ...(asked && { asked }),
    ...(source && { source: { ids: [source], lengths: [source.length] } }),
  };
}

/** Weights are held twice for a moment, as read and as ONNX Runtime keeps them. */
function refuseSmallMemory({ tensors, file }: Checkpoint): void {
  const numbers = [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const needed = numbers * 4 * 2;
  const free = process.availableMemory();
  if (needed <= free) return;
  const mega = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
  throw new CutawayError(
    "not-enough-memory",
    `${file}: looking inside takes its weights in float32, ${mega(needed)} while they are read; ${mega(free)} are free`,
    {
      fix: "Close other programs, or use a smaller model.",
      data: { needed, free },
    },
  );
}
