import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

/** What a bench hands back; the names of the metrics are listed in `docs/bench.md`. A figure that was not measured is absent. */
export interface BenchResult {
  metrics: Record<string, number>;
  versions?: Record<string, string>;
  detail: Record<string, unknown>;
  /** Lines for people, after the table. */
  plot?: string;
}

/** The benches, and the options each takes beside `--json`. */
const benches: Record<string, readonly string[]> = {
  explain: [],
  generate: ["model"],
  grammar: ["schemas", "peers"],
  quality: ["model", "reference", "figures"],
  runtime: ["model", "figures", "svg"],
  sampling: [],
  serve: ["model", "streams", "seconds"],
  startup: [],
  tokenizer: ["figures"],
};
const [name = "", ...flags] = process.argv.slice(2);
const known = Object.hasOwn(benches, name) ? benches[name] : undefined;
const options: Record<string, string> = {};
const unknownFlags = flags.filter((flag) => {
  const [, option = "", value = ""] = /^--(\w+)=(.+)$/.exec(flag) ?? [];
  if (known?.includes(option)) options[option] = value;
  else return flag !== "--json";
  return false;
});

if (!known || unknownFlags.length > 0) {
  const usages = Object.entries(benches).map(([bench, takes]) => `  ${bench}${takes.map((option) => ` [--${option}=…]`).join("")}`);
  process.stderr.write(`usage: npm run bench -- NAME [--json], where NAME is one of\n${usages.join("\n")}\n`);
  process.exit(2);
}

const here = fileURLToPath(new URL(".", import.meta.url));
const { dependencies = {} } = JSON.parse(readFileSync(`${here}package.json`, "utf8")) as { dependencies?: Record<string, string> };
if (Object.keys(dependencies).length > 0 && !existsSync(`${here}node_modules`)) {
  process.stderr.write("installing the peers …\n");
  const install = spawnSync("npm", ["install", "--no-save", "--prefix", here], {
    stdio: ["ignore", 2, 2],
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" }, // what the processor needs is in the package; else its script fetches CUDA's
  });
  if (install.status !== 0) process.exit(install.status ?? 1);
}

const { default: bench } = (await import(`./${name}.bench.ts`)) as { default: (options: Record<string, string>) => Promise<BenchResult> };
const result = await bench(options);
const [cpu] = cpus();
const report = {
  name,
  machine: { cpu: cpu?.model.trim(), cores: cpus().length, node: process.version },
  versions: result.versions ?? {},
  metrics: result.metrics,
  detail: result.detail,
};

const width = Math.max(...Object.keys(result.metrics).map((metric) => metric.length));
process.stdout.write(`${name}: ${report.machine.cpu}, ${report.machine.cores} cores, Node ${report.machine.node}\n`);
for (const [metric, value] of Object.entries(result.metrics)) process.stdout.write(`  ${metric.padEnd(width)}  ${Number(value.toPrecision(4))}\n`);
if (result.plot !== undefined) process.stdout.write(`${result.plot}\n`);
if (flags.includes("--json")) process.stdout.write(`${JSON.stringify(report)}\n`);
