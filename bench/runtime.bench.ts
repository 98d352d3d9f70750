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
import { requantize } from "./runtime/requantize.ts";
import type { RuntimeResult, RuntimeTask } from "./runtime/task.ts";

const processes = 5;
const rounds = 2;
const decodeTokens = 32;
const contexts = [128, 1024];
const types = { q8: "Q8_0", q4: "Q4_0" } as const;

/**
 * The engine against llama.cpp (through node-llama-cpp) on the same file: the model's weights, requantised to Q8_0 and to Q4_0. A fresh process
 * per engine, in turn, five times; each gives its best of two rounds, the medians of the five are compared. `--figures=q8,q4,probes` runs some.
 */
export default async function runtime(options: Record<string, string>): Promise<BenchResult> {
  const model = await benchModel(options);
  const asked = (options.figures ?? "q8,q4,probes").split(",");
  const random = seededRandom(512);
  const ids = Array.from({ length: 1024 }, () => 1000 + Math.floor(random() * 20_000));
  const metrics: Record<string, number> = {};
  const detail: Record<string, unknown> = { model: model.name, prompt_sha256: createHash("sha256").update(JSON.stringify(ids)).digest("hex") };
  const folder = mkdtempSync(join(tmpdir(), "cutaway-runtime-"));
  try {
    for (const [name, type] of Object.entries(types)) {
      if (!asked.includes(name)) continue;
      const file = join(folder, `${name}.gguf`);
      requantize(model.path, file, type);
      for (const threads of [1, 2]) {
        const task: RuntimeTask = {
          model: file,
          threads,
          rounds,
          prefill: name === "q8" ? ids.slice(0, 512) : [],
          prompts: contexts.map((length) => ids.slice(0, length)),
          decode: decodeTokens,
        };
        compare(name, threads, inTurn(folder, task), metrics, detail);
      }
    }
    if (asked.includes("probes")) {
      const runs = Array.from({ length: processes }, () => {
        const task: RuntimeTask = { model: model.path, threads: 2, rounds: 1, prefill: [], prompts: [ids], decode: 2 * decodeTokens };
        return inProcess<{ plainMs: number; probedMs: number; hooks: number; different: number }>("probes", folder, task);
      });
      const added = spread(runs.map(({ plainMs, probedMs }) => probedMs - plainMs));
      if (runs.some(({ different }) => different > 0)) throw new Error("logits with and without probes differ");
      metrics.probes_added_ms_1024 = added.median;
      detail.probes = { added, runs };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { metrics, versions: { "node-llama-cpp": peerVersion("node-llama-cpp") }, detail };
}

const engines = ["cutaway", "llamacpp"] as const;
type Runs = Record<(typeof engines)[number], RuntimeResult[]>;

function inTurn(folder: string, task: RuntimeTask): Runs {
  const runs: Runs = { cutaway: [], llamacpp: [] };
  for (let i = 0; i < processes; i++) for (const engine of engines) runs[engine].push(inProcess<RuntimeResult>(engine, folder, task));
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

function compare(name: string, threads: number, runs: Runs, metrics: Record<string, number>, detail: Record<string, unknown>): void {
  const figures: Record<string, unknown> = { same_tokens: sameTokens(runs) };
  const ratio = (metric: string, cost: (result: RuntimeResult) => number) => {
    const [ours, theirs] = [spread(runs.cutaway.map(cost)), spread(runs.llamacpp.map(cost))];
    metrics[metric] = theirs.median / ours.median;
    figures[metric] = { cutaway: ours, llamacpp: theirs };
  };
  for (const [which, context] of contexts.entries()) {
    ratio(`decode${context}_${name}_vs_llamacpp_${threads}t`, ({ decodeMs }) => Math.min(...(decodeMs[which] as number[])));
  }
  if (name === "q8") ratio(`prefill512_q8_vs_llamacpp_${threads}t`, ({ prefillMs }) => Math.min(...prefillMs));
  if (threads === 2) ratio(name === "q8" ? "rss_vs_llamacpp" : "rss_q4_vs_llamacpp", ({ rssMb }) => rssMb);
  detail[`${name}_${threads}t`] = figures;
}

/** How many of the greedily decoded tokens are the same on both sides; the arithmetic differs in the last bits, so they may part. */
function sameTokens({ cutaway, llamacpp }: Runs): string {
  const [ours, theirs] = [cutaway[0]?.tokens ?? [], llamacpp[0]?.tokens ?? []];
  const parted = ours.findIndex((token, i) => token !== theirs[i]);
  return `${parted === -1 ? ours.length : parted} of ${theirs.length}`;
}
