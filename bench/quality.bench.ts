import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peerVersion } from "./measure.ts";
import { benchModel } from "./model.ts";
import type { BenchResult } from "./run.ts";

/**
 * How far an engine's arithmetic on quantised weights is from the same weights in float32: per position, the divergence
 * KL(reference ‖ engine) in nats and whether the most probable token is the same. The reference is made by
 * `tools/golden/reference_logits.py` and named by `--reference=FILE`.
 */
export default async function quality(options: Record<string, string>): Promise<BenchResult> {
  if (!options.reference) throw new Error("make a reference with tools/golden/reference_logits.py and give it as --reference=FILE");
  const reference = openReference(options.reference);
  const model = await benchModel(options);
  const ours = await compare("cutaway-logits.ts", reference, model.path);
  const theirs = await compare("llamacpp-logits.ts", reference, model.path);
  reference.close();
  return {
    metrics: {
      mean_kl: ours.meanKl,
      mean_kl_llamacpp: theirs.meanKl,
      kl_vs_llamacpp: theirs.meanKl / ours.meanKl,
      top1_percent: ours.top1,
      top1_percent_llamacpp: theirs.top1,
    },
    versions: { "node-llama-cpp": peerVersion("node-llama-cpp"), ...reference.versions },
    detail: { model: model.name, positions: reference.positions, text_sha256: reference.textHash, cutaway: ours, llamacpp: theirs },
  };
}

interface Comparison {
  meanKl: number;
  medianKl: number;
  p99Kl: number;
  /** Percent of positions at which the most probable token is the reference's. */
  top1: number;
}

async function compare(engine: string, reference: Reference, model: string): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-quality-"));
  const task = join(folder, "task.json");
  writeFileSync(task, JSON.stringify({ model, threads: 2, windows: reference.windows }));
  const child = spawn(process.execPath, ["--conditions=@cutaway/source", fileURLToPath(new URL(`engines/${engine}`, import.meta.url)), task], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const divergences: number[] = [];
  let agree = 0;
  const row = Buffer.alloc(reference.vocab * 4);
  let filled = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(row.length - filled, chunk.length - at);
      chunk.copy(row, filled, at, at + taken);
      filled += taken;
      at += taken;
      if (filled < row.length) continue;
      filled = 0;
      const engineLogits = new Float32Array(row.buffer, row.byteOffset, reference.vocab);
      const referenceLogits = reference.row(divergences.length);
      divergences.push(divergence(referenceLogits, engineLogits));
      if (argmax(referenceLogits) === argmax(engineLogits)) agree++;
    }
  }
  rmSync(folder, { recursive: true, force: true });
  if (divergences.length !== reference.positions) throw new Error(`${engine} gave ${divergences.length} of ${reference.positions} positions`);
  const sorted = divergences.toSorted((a, b) => a - b);
  return {
    meanKl: divergences.reduce((sum, kl) => sum + kl, 0) / divergences.length,
    medianKl: sorted[Math.floor(sorted.length / 2)] as number,
    p99Kl: sorted[Math.floor(sorted.length * 0.99)] as number,
    top1: (100 * agree) / divergences.length,
  };
}

/** KL(p ‖ q) of two rows of logits, nats. */
function divergence(p: Float32Array, q: Float32Array): number {
  const [logP, logQ] = [logSumExp(p), logSumExp(q)];
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const lp = (p[i] as number) - logP;
    sum += Math.exp(lp) * (lp - ((q[i] as number) - logQ));
  }
  return sum;
}

function logSumExp(row: Float32Array): number {
  const max = row[argmax(row)] as number;
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}

function argmax(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] as number) > (row[best] as number)) best = i;
  return best;
}

type Reference = ReturnType<typeof openReference>;

function openReference(path: string) {
  const file = openSync(path, "r");
  const head = Buffer.alloc(1 << 20);
  readSync(file, head, 0, head.length, 0);
  const end = head.indexOf("\n");
  const header = JSON.parse(head.subarray(0, end).toString()) as {
    vocab: number;
    windows: number[][];
    text_sha256: string;
    versions: Record<string, string>;
  };
  const row = new Float32Array(header.vocab);
  return {
    vocab: header.vocab,
    windows: header.windows,
    positions: header.windows.reduce((sum, window) => sum + window.length, 0),
    textHash: header.text_sha256,
    versions: header.versions,
    /** The logits of the i-th position, counted through all windows; the same array every time. */
    row(i: number): Float32Array {
      readSync(file, new Uint8Array(row.buffer), 0, row.byteLength, end + 1 + i * row.byteLength);
      return row;
    },
    close: () => closeSync(file),
  };
}
