import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@cutaway/core";
import type { SpeedResult, SpeedTask } from "./engines/speed-protocol.ts";
import { peerVersion, spread } from "./measure.ts";
import { benchModel } from "./model.ts";
import type { BenchResult } from "./run.ts";

const processes = 5;
const rounds = 3;
const prefillTokens = 512;
const promptTokens = 128;
const decodeTokens = 64;

/**
 * Greedy decoding and prompt evaluation of the same weights, prompts and threads, in Cutaway's engine and in llama.cpp (through node-llama-cpp):
 * a fresh process per engine, in turn, five times; each process gives its best of three rounds, the medians of the five are compared.
 * `call_*` is the whole product path: a local call with every step's alternatives and stages, over its thread.
 */
export default async function generate(options: Record<string, string>): Promise<BenchResult> {
  const model = await benchModel(options);
  const random = seededRandom(512);
  const ids = Array.from({ length: prefillTokens }, () => 1000 + Math.floor(random() * 20_000));
  const metrics: Record<string, number> = {};
  const detail: Record<string, unknown> = { model: model.name, prompt_sha256: createHash("sha256").update(JSON.stringify(ids)).digest("hex") };
  for (const threads of [1, 2]) {
    const task: SpeedTask = { model: model.path, threads, rounds, prefill: ids, prompt: ids.slice(0, promptTokens), decode: decodeTokens };
    const runs: Record<Engine, SpeedResult[]> = { cutaway: [], "cutaway-call": [], llamacpp: [] };
    for (let i = 0; i < processes; i++) for (const engine of engines) runs[engine].push(inProcess(engine, task));
    const [decode, prefill] = [speeds(runs, decodeSpeed), speeds(runs, prefillSpeed)];
    const suffix = threads === 2 ? "" : "_1t";
    metrics[`decode_vs_llamacpp${suffix}`] = decode.cutaway.median / decode.llamacpp.median;
    metrics[`prefill_vs_llamacpp${suffix}`] = prefill.cutaway.median / prefill.llamacpp.median;
    metrics[`call_decode_vs_llamacpp${suffix}`] = decode["cutaway-call"].median / decode.llamacpp.median;
    metrics[`decode_tok_s${suffix}`] = decode.cutaway.median;
    metrics[`prefill_tok_s${suffix}`] = prefill.cutaway.median;
    detail[`threads_${threads}`] = { decode_tok_s: decode, prefill_tok_s: prefill, same_tokens: sameTokens(runs) };
  }
  return { metrics, versions: { "node-llama-cpp": peerVersion("node-llama-cpp") }, detail };
}

const engines = ["cutaway", "llamacpp", "cutaway-call"] as const;
type Engine = (typeof engines)[number];

function inProcess(engine: Engine, task: SpeedTask): SpeedResult {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-generate-"));
  try {
    const file = join(folder, "task.json");
    writeFileSync(file, JSON.stringify(task));
    const script = fileURLToPath(new URL(`engines/${engine}-speed.ts`, import.meta.url));
    const run = spawnSync(process.execPath, ["--conditions=@cutaway/source", script, file], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(`${engine} ended with ${run.status}: ${run.stderr}`);
    return JSON.parse(run.stdout) as SpeedResult;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tokens a second of the best round: what disturbs a run only ever makes it slower. */
const decodeSpeed = ({ decodeMs }: SpeedResult) => 1000 / Math.min(...decodeMs.map((times) => spread(times).median));
const prefillSpeed = ({ prefillMs }: SpeedResult) => (1000 * prefillTokens) / Math.min(...prefillMs);

const speeds = (runs: Record<Engine, SpeedResult[]>, speed: (result: SpeedResult) => number) =>
  Object.fromEntries(engines.map((engine) => [engine, spread(runs[engine].map(speed))])) as Record<Engine, ReturnType<typeof spread>>;

/** How many of the greedily decoded tokens are the same on both sides; the arithmetic differs in the last bits, so they may part. */
function sameTokens({ cutaway, llamacpp }: Record<Engine, SpeedResult[]>): string {
  const [ours, theirs] = [cutaway[0]?.tokens ?? [], llamacpp[0]?.tokens ?? []];
  const parted = ours.findIndex((token, i) => token !== theirs[i]);
  return `${parted === -1 ? ours.length : parted} of ${theirs.length}`;
}
