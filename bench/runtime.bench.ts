import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@cutaway/core";
import { bundled } from "./bundle.ts";
import { peerVersion, spread } from "./measure.ts";
import { benchModel } from "./model.ts";
import type { BenchResult } from "./run.ts";
import { plotSvg, plotText } from "./runtime/plot.ts";
import { requantize } from "./runtime/requantize.ts";
import type { RuntimeResult, RuntimeTask } from "./runtime/task.ts";
import { writeTransformersLayout } from "./runtime/transformers-layout.ts";
import { say } from "./say.ts";

const processes = 5;
const rounds = 2;
const decodeTokens = 32;
/** The longest first, as tasks have them. */
const contexts = [1024, 128];
const contextSize = 2048;
const figures = ["q8", "q4", "transformersjs", "probes", "attention"];

/** Tokens before the one that is timed, for the cost of attention. */
const lengths = [3072, 2048, 1024, 512, 64];

/**
 * The engine against llama.cpp (through node-llama-cpp) on the same file, the model's weights requantised to Q8_0 and to Q4_0, and against
 * transformers.js on the Q4_0 weights in its layout. A fresh process per engine, in turn, five times; each gives its best of two rounds, the medians
 * of the five are compared. All run as JavaScript. `--figures=` runs some; `--svg=FILE` writes the plot of attention's cost. What is being done goes to stderr.
 */
export default async function runtime(options: Record<string, string>): Promise<BenchResult> {
  const model = await benchModel(options);
  const asked = options.figures?.split(",") ?? figures;
  const unknown = asked.find((figure) => !figures.includes(figure));
  if (unknown !== undefined) throw new Error(`there is no figure ${unknown}; there are ${figures.join(", ")}`);
  const random = seededRandom(512);
  const ids = Array.from({ length: Math.max(...lengths) }, () => 1000 + Math.floor(random() * 20_000));
  const metrics: Record<string, number> = {};
  const detail: Record<string, unknown> = { model: model.name, prompt_sha256: createHash("sha256").update(JSON.stringify(ids)).digest("hex") };
  const folder = mkdtempSync(join(tmpdir(), "cutaway-runtime-"));
  const taskOf = (file: string, threads: number): RuntimeTask => ({
    model: file,
    threads,
    contextSize,
    rounds,
    ids,
    prefill: 512,
    contexts,
    decode: decodeTokens,
  });
  const programs = await bundled(engines);
  const inTurn = (label: string, tasks: Partial<Record<EngineName, RuntimeTask>>, times = processes): Runs => {
    const runs: Runs = { cutaway: [], llamacpp: [], transformersjs: [] };
    for (let i = 0; i < times; i++) {
      for (const [engine, task] of Object.entries(tasks) as [EngineName, RuntimeTask][]) {
        say(`${label}, ${i + 1} of ${times}: ${engine}`);
        runs[engine].push(inProcess<RuntimeResult>(programs[engine], folder, task));
      }
    }
    return runs;
  };
  let plot: string | undefined;
  try {
    if (asked.includes("q8")) {
      const file = join(folder, "q8.gguf");
      requantize(model.path, file, "Q8_0");
      for (const threads of [1, 2]) {
        const task = taskOf(file, threads);
        compare("q8", threads, inTurn(`q8, threads: ${threads}`, { cutaway: task, llamacpp: task }), metrics, detail);
      }
    }
    if (asked.includes("q4") || asked.includes("transformersjs")) {
      const file = join(folder, "q4.gguf");
      requantize(model.path, file, "Q4_0");
      const layout = join(folder, "transformers");
      if (asked.includes("transformersjs")) writeTransformersLayout(file, layout, contextSize);
      for (const threads of [1, 2]) {
        const task = taskOf(file, threads);
        // Its prompts are evaluated anew in every round, and it is so far off that one will do.
        const theirs = { ...task, model: layout, rounds: 1 };
        const runs = inTurn(`q4, threads: ${threads}`, {
          cutaway: task,
          ...(asked.includes("q4") && { llamacpp: task }),
          ...(asked.includes("transformersjs") && { transformersjs: theirs }),
        });
        if (asked.includes("q4")) compare("q4", threads, runs, metrics, detail);
        if (asked.includes("transformersjs")) compareTransformers(threads, runs, metrics, detail);
      }
    }
    if (asked.includes("probes")) {
      const task: RuntimeTask = { ...taskOf(model.path, 2), contexts: [1024], decode: 2 * decodeTokens };
      const runs = Array.from({ length: processes }, (_, i) => {
        say(`probes, ${i + 1} of ${processes}`);
        return inProcess<{ plainMs: number; probedMs: number; hooks: number; different: number }>(programs.probes, folder, task);
      });
      const added = spread(runs.map(({ plainMs, probedMs }) => probedMs - plainMs));
      if (runs.some(({ different }) => different > 0)) throw new Error("logits with and without probes differ");
      metrics.probes_added_ms_1024 = added.median;
      detail.probes = { added, runs };
    }
    if (asked.includes("attention")) plot = attentionCost(model, ids, inTurn, metrics, detail, options.svg);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const versions = { "node-llama-cpp": peerVersion("node-llama-cpp"), "@huggingface/transformers": peerVersion("@huggingface/transformers") };
  return { metrics, versions, detail, ...(plot !== undefined && { plot }) };
}

/** Programs, each run in a process of its own. */
const engines = {
  cutaway: "runtime/cutaway.ts",
  llamacpp: "runtime/llamacpp.ts",
  transformersjs: "runtime/transformersjs.ts",
  probes: "runtime/probes.ts",
};
type EngineName = "cutaway" | "llamacpp" | "transformersjs";
/** Of the engines that were asked for. */
type Runs = Record<EngineName, RuntimeResult[]>;

function inProcess<Result>(program: string, folder: string, task: RuntimeTask): Result {
  const file = join(folder, "task.json");
  writeFileSync(file, JSON.stringify(task));
  const run = spawnSync(process.execPath, [program, file], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`${program} ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout) as Result;
}

/** The best round: what disturbs a run only ever makes it slower. */
const stepMs =
  (which: number) =>
  ({ decodeMs }: RuntimeResult): number =>
    Math.min(...(decodeMs[which] as number[]));

const stepCpuMs =
  (which: number) =>
  ({ decodeCpuMs }: RuntimeResult): number =>
    Math.min(...(decodeCpuMs[which] as number[]));

function compare(name: string, threads: number, runs: Runs, metrics: Record<string, number>, detail: Record<string, unknown>): void {
  const compared: Record<string, unknown> = { same_tokens: sameTokens(runs) };
  const ratio = (metric: string, cost: (result: RuntimeResult) => number) => {
    const [ours, theirs] = [spread(runs.cutaway.map(cost)), spread(runs.llamacpp.map(cost))];
    metrics[metric] = theirs.median / ours.median;
    compared[metric] = { cutaway: ours, llamacpp: theirs };
  };
  for (const [which, context] of contexts.entries()) {
    ratio(`decode${context}_${name}_vs_llamacpp_${threads}t`, stepMs(which));
    // What else runs on the machine disturbs this less; with more threads it counts their waiting too.
    if (threads === 1) ratio(`decode${context}_${name}_vs_llamacpp_1t_cpu`, stepCpuMs(which));
  }
  ratio(`prefill512_${name}_vs_llamacpp_${threads}t`, ({ prefillMs }) => Math.min(...prefillMs));
  if (threads === 2) ratio(name === "q8" ? "rss_vs_llamacpp" : "rss_q4_vs_llamacpp", ({ rssMb }) => rssMb);
  detail[`${name}_${threads}t`] = compared;
}

function compareTransformers(
  threads: number,
  { cutaway, transformersjs }: Runs,
  metrics: Record<string, number>,
  detail: Record<string, unknown>,
): void {
  const compared: Record<string, unknown> = {};
  const ratios = contexts.map((context, which) => {
    const [ours, theirs] = [spread(cutaway.map(stepMs(which))), spread(transformersjs.map(stepMs(which)))];
    compared[`decode${context}`] = { cutaway: ours, transformersjs: theirs };
    return theirs.median / ours.median;
  });
  for (const [which, context] of contexts.entries()) metrics[`decode${context}_vs_transformersjs_${threads}t`] = ratios[which] as number;
  metrics.decode_vs_transformersjs = Math.min(metrics.decode_vs_transformersjs ?? Number.POSITIVE_INFINITY, ...ratios);
  detail[`transformersjs_${threads}t`] = compared;
}

/** What a token costs after so many others, CPU time on one thread: the part that grows with them is attention's. */
function attentionCost(
  model: { path: string },
  ids: number[],
  inTurn: (label: string, tasks: Partial<Record<EngineName, RuntimeTask>>, times: number) => Runs,
  metrics: Record<string, number>,
  detail: Record<string, unknown>,
  svg: string | undefined,
): string {
  const task: RuntimeTask = { model: model.path, threads: 1, contextSize: 3200, rounds: 1, ids, prefill: 0, contexts: lengths, decode: 12 };
  const runs = inTurn("attention", { cutaway: task, llamacpp: task }, 3);
  const line = (engine: "cutaway" | "llamacpp") => ({
    name: engine === "cutaway" ? "Cutaway" : "llama.cpp",
    points: lengths.map((x, which) => ({ x, y: spread(runs[engine].map(stepCpuMs(which))).median })).reverse(),
  });
  const lines = [line("cutaway"), line("llamacpp")];
  const [ours, theirs] = lines.map(({ points }) => slope(points)) as [number, number];
  metrics.attention_ms_per_1k_tokens = ours * 1000;
  metrics.attention_vs_llamacpp = theirs / ours;
  detail.attention = { lines, ms_per_1k_tokens: { cutaway: ours * 1000, llamacpp: theirs * 1000 } };
  const plot = { title: "A token's cost by those before it", x: "tokens", y: "CPU ms a token, one thread", lines };
  if (svg !== undefined) writeFileSync(svg, plotSvg(plot));
  return plotText(plot);
}

/** Of the straight line that lies nearest to the points. */
function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
}

/** How many of the greedily decoded tokens are the same on both sides; the arithmetic differs in the last bits, so they may part. */
function sameTokens({ cutaway, llamacpp }: Runs): string {
  const [ours, theirs] = [cutaway[0]?.tokens ?? [], llamacpp[0]?.tokens ?? []];
  const parted = ours.findIndex((token, i) => token !== theirs[i]);
  return `${parted === -1 ? ours.length : parted} of ${theirs.length}`;
}
