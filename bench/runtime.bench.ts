import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@cutaway/core";
import { peerVersion, spread } from "./measure.ts";
import { benchModel } from "./model.ts";
import type { BenchResult } from "./run.ts";
import { plotSvg, plotText } from "./runtime/plot.ts";
import { requantize } from "./runtime/requantize.ts";
import type { RuntimeResult, RuntimeTask } from "./runtime/task.ts";
import { writeTransformersLayout } from "./runtime/transformers-layout.ts";

const processes = 5;
const rounds = 2;
const decodeTokens = 32;
const contexts = [128, 1024];
const contextSize = 2048;
const types = { q8: "Q8_0", q4: "Q4_0" } as const;
const figures = ["q8", "q4", "transformersjs", "probes", "attention"];

/** Tokens before the one that is timed, for the cost of attention. */
const lengths = [64, 256, 512, 1024, 1536, 2048, 3072, 4096];

/**
 * The engine against llama.cpp (through node-llama-cpp) on the same file, the model's weights requantised to Q8_0 and to Q4_0, and against
 * transformers.js on the Q4_0 weights in its layout. A fresh process per engine, in turn, five times; each gives its best of two rounds, the medians
 * of the five are compared. `--figures=` runs some; `--svg=FILE` writes the plot of attention's cost.
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
  const taskOf = (file: string, threads: number, prefill: number): RuntimeTask => {
    const prompts = contexts.map((length) => ids.slice(0, length));
    return { model: file, threads, contextSize, rounds, prefill: ids.slice(0, prefill), prompts, decode: decodeTokens };
  };
  let plot: string | undefined;
  try {
    for (const [name, type] of Object.entries(types)) {
      if (!asked.includes(name)) continue;
      const file = join(folder, `${name}.gguf`);
      requantize(model.path, file, type);
      for (const threads of [1, 2]) compare(name, threads, inTurn(folder, taskOf(file, threads, 512)), metrics, detail);
    }
    if (asked.includes("transformersjs")) {
      const file = join(folder, "q4.gguf");
      requantize(model.path, file, "Q4_0");
      writeTransformersLayout(file, join(folder, "transformers"), contextSize);
      for (const threads of [1, 2]) {
        const runs = { cutaway: [] as RuntimeResult[], transformersjs: [] as RuntimeResult[] };
        for (let i = 0; i < processes; i++) {
          runs.cutaway.push(inProcess("cutaway", folder, taskOf(file, threads, 0)));
          runs.transformersjs.push(inProcess("transformersjs", folder, taskOf(join(folder, "transformers"), threads, 0)));
        }
        compareTransformers(threads, runs, metrics, detail);
      }
    }
    if (asked.includes("probes")) {
      const runs = Array.from({ length: processes }, () => {
        const task: RuntimeTask = { ...taskOf(model.path, 2, 0), rounds: 1, prompts: [ids.slice(0, 1024)], decode: 2 * decodeTokens };
        return inProcess<{ plainMs: number; probedMs: number; hooks: number; different: number }>("probes", folder, task);
      });
      const added = spread(runs.map(({ plainMs, probedMs }) => probedMs - plainMs));
      if (runs.some(({ different }) => different > 0)) throw new Error("logits with and without probes differ");
      metrics.probes_added_ms_1024 = added.median;
      detail.probes = { added, runs };
    }
    if (asked.includes("attention")) plot = attentionCost(folder, model, ids, metrics, detail, options.svg);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const versions = { "node-llama-cpp": peerVersion("node-llama-cpp"), "@huggingface/transformers": peerVersion("@huggingface/transformers") };
  return { metrics, versions, detail, ...(plot !== undefined && { plot }) };
}

const engines = ["cutaway", "llamacpp"] as const;
type Runs = Record<(typeof engines)[number], RuntimeResult[]>;

function inTurn(folder: string, task: RuntimeTask, times = processes): Runs {
  const runs: Runs = { cutaway: [], llamacpp: [] };
  for (let i = 0; i < times; i++) for (const engine of engines) runs[engine].push(inProcess<RuntimeResult>(engine, folder, task));
  return runs;
}

function inProcess<Result>(script: string, folder: string, task: RuntimeTask): Result {
  const file = join(folder, "task.json");
  writeFileSync(file, JSON.stringify(task));
  const path = fileURLToPath(new URL(`runtime/${script}.ts`, import.meta.url));
  const run = spawnSync(process.execPath, ["--conditions=@cutaway/source", path, file], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`${script} ended with ${run.status}: ${run.stderr}`);
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
  { cutaway, transformersjs }: { cutaway: RuntimeResult[]; transformersjs: RuntimeResult[] },
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
  folder: string,
  model: { path: string },
  ids: number[],
  metrics: Record<string, number>,
  detail: Record<string, unknown>,
  svg: string | undefined,
): string {
  const prompts = lengths.map((length) => ids.slice(0, length));
  const task: RuntimeTask = { model: model.path, threads: 1, contextSize: 4352, rounds: 1, prefill: [], prompts, decode: 12 };
  const runs = inTurn(folder, task, 3);
  const line = (engine: (typeof engines)[number]) => ({
    name: engine === "cutaway" ? "Cutaway" : "llama.cpp",
    points: lengths.map((x, which) => ({ x, y: spread(runs[engine].map(stepCpuMs(which))).median })),
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
