import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "@cutaway/core";
import { benchModel } from "./model.ts";
import type { BenchResult } from "./run.ts";
import { startServerProcess } from "./serve/server-process.ts";
import { askUntil } from "./serve/stream-client.ts";

const maxTokens = 48;
/** Of one client alone, before the others come: what sharing costs is the difference. */
const aloneSeconds = 10;
/** Memory is compared between the ends of two minutes, or of two halves; each is the median of so many seconds. */
const restSeconds = 10;

/**
 * Clients on loopback, each with one streamed chat after the other, against `cutaway serve` in a process of its own, calls recorded.
 * Every client asks for the same amount: a prompt of the same words in another order each time, and up to 48 tokens.
 * `--streams=32`, up to 256; `--seconds=120`, from 20 to 600.
 */
export default async function serve(options: Record<string, string>): Promise<BenchResult> {
  const streams = bounded("streams", options.streams, 32, 1, 256);
  const seconds = bounded("seconds", options.seconds, 120, 20, 600);
  const { path, name } = await benchModel(options);
  const folder = mkdtempSync(join(tmpdir(), "cutaway-serve-bench-"));
  const server = await startServerProcess(["--model", path, "--max-streams", String(streams), "--queue", "8"], folder);
  try {
    const asked = { baseUrl: server.baseUrl, model: server.model, maxTokens };
    const alone = await askUntil(performance.now() + aloneSeconds * 1000, { ...asked, prompt: (request) => promptOf(1000, request) });
    const startedAt = performance.now();
    const memory: [second: number, bytes: number][] = [];
    const watch = setInterval(() => memory.push([(performance.now() - startedAt) / 1000, server.resident()]), 1000);
    const logs = await Promise.all(
      Array.from({ length: streams }, (_, client) =>
        askUntil(startedAt + seconds * 1000, { ...asked, prompt: (request) => promptOf(client, request) }),
      ),
    );
    clearInterval(watch);
    const tokens = logs.map(({ pieces }) => pieces);
    const half = median(memory.filter(([at]) => at > seconds / 2 - restSeconds && at <= seconds / 2));
    const end = median(memory.filter(([at]) => at > seconds - restSeconds));
    const firsts = sorted(logs.flatMap(({ firstAfter }) => firstAfter));
    const gaps = sorted(logs.flatMap((log) => log.gaps));
    return {
      metrics: {
        streams,
        errors: logs.reduce((sum, { errors }) => sum + errors.length, alone.errors.length),
        jain: jain(tokens),
        rss_growth_percent: (100 * (end - half)) / half,
        tok_s: tokens.reduce((sum, count) => sum + count, 0) / seconds,
        alone_tok_s: alone.pieces / aloneSeconds,
        ttft_p50_ms: quantile(firsts, 0.5),
        ttft_p95_ms: quantile(firsts, 0.95),
        gap_p95_ms: quantile(gaps, 0.95),
        rss_mb: end / 1e6,
      },
      detail: {
        model: name,
        seconds,
        tokens_least: Math.min(...tokens),
        tokens_most: Math.max(...tokens),
        finished: logs.reduce((sum, { finished }) => sum + finished, 0),
        errors: [...new Set(logs.flatMap(({ errors }) => errors))].slice(0, 10),
        rss_mb_every_10_s: memory.filter((_, i) => i % 10 === 9).map(([, bytes]) => Math.round(bytes / 1e6)),
      },
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** (Σx)² / (n · Σx²): 1 where all got the same, 1/n where one got everything. Jain, Chiu & Hawe 1984. */
const jain = (shares: readonly number[]): number =>
  shares.reduce((sum, share) => sum + share, 0) ** 2 / (shares.length * shares.reduce((sum, share) => sum + share * share, 0));

const words = "river stone garden winter letter market silver engine window forest paper bridge summer candle mirror harbour".split(" ");

/** As long for everybody, and another beginning for each, so that none is spared the reading. */
function promptOf(client: number, request: number): string {
  const turned = words.map((_, i) => words[(i * (1 + 2 * (request % 8)) + client) % words.length]);
  return `Story ${String(client).padStart(4, "0")}-${String(request).padStart(4, "0")}: tell me about a ${turned.join(", a ")}.`;
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

const median = (samples: readonly [number, number][]): number => quantile(sorted(samples.map(([, bytes]) => bytes)), 0.5);

function bounded(option: string, given: string | undefined, usual: number, least: number, most: number): number {
  const value = given === undefined ? usual : Number(given);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`--${option} takes a whole number from ${least} to ${most}`);
  return value;
}
