import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spread } from "../measure.ts";
import type { BenchResult } from "../run.ts";
import type { Figure } from "./figure.ts";
import { inProcess } from "./in-process.ts";
import type { LoadRun } from "./load-engine.ts";

const engines = ["cutaway", "gpt-tokenizer", "ai-tokenizer", "tiktoken"] as const;

/**
 * From a fresh process's first import to the first token of o200k_base: wall time, and how much resident memory grew. Node keeps the compiled code
 * of all engines between processes, as the command line does for its own: else taking the types off our sources would be most of the time.
 */
const load: Figure = async () => {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-load-"));
  try {
    return measured({ NODE_COMPILE_CACHE: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
export default load;

function measured(env: Record<string, string>): BenchResult {
  // The first ones fill the cache.
  for (let round = 0; round < 2; round++) for (const engine of engines) inProcess<LoadRun>("load-engine.ts", { engine }, env);
  const runs = Object.fromEntries(engines.map((engine): [string, LoadRun[]] => [engine, []]));
  for (let round = 0; round < 7; round++) for (const engine of engines) runs[engine]?.push(inProcess<LoadRun>("load-engine.ts", { engine }, env));
  const of = (engine: string, field: keyof LoadRun) => spread((runs[engine] ?? []).map((run) => run[field]));
  return {
    metrics: { load_ms: of("cutaway", "wallMs").median, load_mb: of("cutaway", "rssMb").median },
    detail: Object.fromEntries(
      engines.map((engine) => [engine, { wall_ms: of(engine, "wallMs"), cpu_ms: of(engine, "cpuMs"), rss_mb: of(engine, "rssMb") }]),
    ),
  };
}
