import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a script of this folder in a fresh process, with one JSON argument, and reads the JSON that it writes. `env` is added to the environment. */
export function inProcess<Result>(script: string, task: unknown, env: Record<string, string> = {}): Result {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const args = ["--conditions=@cutaway/source", "--disable-warning=ExperimentalWarning", path, JSON.stringify(task)];
  const run = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, ...env } });
  if (run.status !== 0) throw new Error(`${script} ${JSON.stringify(task)} ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout) as Result;
}
