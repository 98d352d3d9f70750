import type { EngineName, LoadEngine } from "./engines/engine.ts";

/** A process of its own: from nothing to the first token. */

export interface LoadRun {
  wallMs: number;
  cpuMs: number;
  rssMb: number;
}

const { engine } = JSON.parse(process.argv[2] as string) as { engine: EngineName };
const cpu = process.cpuUsage();
const rss = process.memoryUsage.rss();
const started = performance.now();
const { load } = (await import(`./engines/${engine}.ts`)) as { load: LoadEngine };
const ids = await (await load()).encode("Why was this cut?");
const wallMs = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
if (ids.length !== 5) throw new Error(`${ids.length} tokens`);
const result: LoadRun = { wallMs, cpuMs: (user + system) / 1000, rssMb: (process.memoryUsage.rss() - rss) / 2 ** 20 };
process.stdout.write(JSON.stringify(result));
