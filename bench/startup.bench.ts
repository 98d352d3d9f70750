import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spread } from "./measure.ts";
import type { BenchResult } from "./run.ts";

/** Wall time of whole commands as a user waits for them, and the cost of the install. */
export default async function startup(): Promise<BenchResult> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const bin = join(root, "node_modules/.bin");
  const timed = (command: string[], input = "") => {
    const start = performance.now();
    const run = spawnSync(command[0] as string, command.slice(1), { input, cwd: root, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } });
    if (run.status !== 0) throw new Error(`${command.join(" ")} ended with ${run.status}: ${run.stderr}`);
    return performance.now() - start;
  };
  const measured = (command: string[], input?: string) => {
    for (let i = 0; i < 2; i++) timed(command, input);
    return spread(Array.from({ length: 11 }, () => timed(command, input)));
  };
  const cutaway = join(bin, "cutaway");
  const prose = "The quick brown fox jumps over the lazy dog. ".repeat(200);
  const node = measured(["node", "-e", "0"]);
  const help = measured([cutaway, "--help"]);
  const count = measured([cutaway, "tokens", "count", "--tokenizer", "o200k_base", "-"], prose);
  const install = timedInstall(root);
  return {
    metrics: { cli_help_ms: help.median, cli_tokens_count_ms: count.median, npm_ci_s: install.seconds, install_mb: install.megabytes },
    detail: {
      node_alone_ms: node,
      cli_help_ms: help,
      cli_tokens_count_ms: count,
      npm_ci: "fresh copy of the tracked files, npm's download cache as it is",
    },
  };
}

function timedInstall(root: string): { seconds: number; megabytes: number } {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-install-"));
  try {
    const tracked = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).stdout.split("\n").filter(Boolean);
    for (const file of tracked) cpSync(join(root, file), join(folder, file), { recursive: true });
    const start = performance.now();
    const run = spawnSync("npm", ["ci"], { cwd: folder, encoding: "utf8" });
    if (run.status !== 0) throw new Error(`npm ci ended with ${run.status}: ${run.stderr}`);
    const seconds = (performance.now() - start) / 1000;
    const kilobytes = Number(spawnSync("du", ["-sk", join(folder, "node_modules")], { encoding: "utf8" }).stdout.split("\t")[0]);
    return { seconds, megabytes: kilobytes / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
