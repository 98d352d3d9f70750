import { closeSync, openSync, readSync } from "node:fs";
import { rowsOf } from "./engine-process.ts";

export interface Divergences {
  meanKl: number;
  medianKl: number;
  p99Kl: number;
  /** Percent of positions at which the most probable token is the reference's. */
  top1: number;
}

/** @throws where the engine gives another number of positions than the reference has */
export async function divergencesFrom(reference: Reference, engine: string, model: string): Promise<Divergences> {
  const divergences: number[] = [];
  let agree = 0;
  const task = { model, threads: 2, windows: reference.windows, wanted: "logits" as const };
  for await (const row of rowsOf(engine, task, reference.vocab * 4)) {
    const logits = new Float32Array(row.buffer, row.byteOffset, reference.vocab);
    const expected = reference.row(divergences.length);
    divergences.push(divergence(expected, logits));
    if (argmax(expected) === argmax(logits)) agree++;
  }
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

export type Reference = ReturnType<typeof openReference>;

/** What `tools/golden/reference_logits.py` wrote. */
export function openReference(path: string) {
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
