import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CutawayError } from "@cutaway/core";
import type { Environment } from "./models-folder.ts";
import { redact } from "./redact.ts";

/** How pip may be called, in the order tried. */
const candidates: readonly (readonly [string, ...string[]])[] = [
  ["python3", "-m", "pip"],
  ["pip3"],
  ["pip"],
  ["python", "-m", "pip"],
  ["py", "-m", "pip"],
];

export interface PipDownload {
  project: string;
  version: string;
  /** An empty folder: the wheel lands in it, and pip's temporary files below it. */
  folder: string;
  env: Environment;
  /** pip is ended when neither its output nor its files grow for so long. Longer than any timeout a person would set for pip. */
  idleMs: number;
  signal?: AbortSignal;
  /** How pip is called, once it is known to be there. */
  onStart?(commandLine: string): void;
  /** Bytes on disk so far. */
  onBytes?(bytes: number): void;
}

/**
 * Downloads one wheel by the user's own pip, so that their index, mirror, proxy and certificates hold. Nothing is installed and no code of
 * the package runs.
 * throws `pip-missing`, `pip-failed` with pip's own words
 */
export async function pipDownload(download: PipDownload): Promise<string> {
  let old: CutawayError | undefined;
  for (const [command, ...before] of candidates) {
    const args = [...before, "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--progress-bar", "off"];
    args.push("--disable-pip-version-check", "--dest", download.folder, `${download.project}==${download.version}`);
    const ended = await run(command, args, download, [command, ...before].join(" "));
    if (ended.state === "absent") continue;
    if (ended.state === "done") return wheelIn(download.folder, ended.output);
    const failed = pipFailed([command, ...before].join(" "), ended.output, ended.why);
    if (!needsOtherPython.test(ended.output)) throw failed;
    old = failed;
  }
  throw (
    old ??
    new CutawayError("pip-missing", `no pip was found (tried ${candidates.map((words) => words.join(" ")).join(", ")})`, {
      kind: "network",
      fix: "Install Python 3 with pip, or use another source.",
    })
  );
}

const needsOtherPython = /require a different python|requires a different python|requires-python/i;
const hasNoPip =
  /No module named '?pip'?|No Python at|No suitable Python|can't find a default Python|command not found: python|Python was not found/i;

type Ended = { state: "absent" } | { state: "done"; output: string } | { state: "failed"; output: string; why: string };

const keptOutput = 20_000;

function run(command: string, args: string[], { env, folder, idleMs, signal, onStart, onBytes }: PipDownload, called: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, TMPDIR: folder, TEMP: folder, TMP: folder, PYTHONUNBUFFERED: "1" } as NodeJS.ProcessEnv,
      windowsHide: true,
    });
    let output = "";
    let stalled = false;
    let lastSign = Date.now();
    let bytes = 0;
    const hear = (part: string) => {
      output = (output + part).slice(-keptOutput);
      lastSign = Date.now();
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    const end = () => {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 2000).unref();
    };
    const watch = setInterval(
      () => {
        const now = bytesIn(folder);
        if (now !== bytes) lastSign = Date.now();
        bytes = now;
        if (bytes > 0) onBytes?.(bytes);
        if (Date.now() - lastSign < idleMs || stalled) return;
        stalled = true;
        end();
      },
      Math.min(250, idleMs),
    );
    signal?.addEventListener("abort", end, { once: true });
    const finish = () => {
      clearInterval(watch);
      signal?.removeEventListener("abort", end);
      child.stdout.destroy();
      child.stderr.destroy();
    };
    child.once("spawn", () => onStart?.(called));
    child.once("error", () => {
      finish();
      resolve({ state: "absent" });
    });
    // The end of the process, not of its output: something it started may hold the pipes open. What is in them is read before.
    child.once("exit", (code, ended) =>
      setImmediate(() => {
        finish();
        if (signal?.aborted) reject(signal.reason);
        else if (stalled) resolve({ state: "failed", output, why: `it did nothing for ${idleMs / 1000} s and was ended` });
        else if (code === 0) resolve({ state: "done", output });
        else if (hasNoPip.test(output) || code === 127 || code === 9009) resolve({ state: "absent" });
        else resolve({ state: "failed", output, why: code === null ? `it was ended by ${ended}` : `it ended with ${code}` });
      }),
    );
  });
}

function wheelIn(folder: string, output: string): string {
  const wheels = readdirSync(folder).filter((file) => file.endsWith(".whl"));
  if (wheels[0] === undefined || wheels.length > 1) throw pipFailed("pip", output, `it left ${wheels.length} wheels instead of one`);
  return join(folder, wheels[0]);
}

/** Sum of the sizes of all files below a folder; files may come and go meanwhile. */
function bytesIn(folder: string): number {
  let sum = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return sum;
  }
  return sum;
}

/** The lines in which pip says what was wrong, else its last ones. */
function pipFailed(called: string, output: string, why: string): CutawayError {
  const lines = redact(output)
    .split("\n")
    .map((row) => row.trim())
    .filter((row) => row !== "");
  const errors = lines.filter((row) => /^(ERROR|error):/.test(row));
  const broken = lines.map((row) => /connection broken by '(.*?)':? /.exec(row)?.[1]).find((row) => row !== undefined);
  const says = [...(broken === undefined ? [] : [`${broken}.`]), ...(errors.length > 0 ? errors : lines.slice(-3))].join(" ").slice(0, 600);
  return new CutawayError("pip-failed", `${called}: ${why}${says ? `: ${says}` : ""}`, {
    kind: "network",
    fix: "Check that pip can download packages, or use another source.",
    data: { output: lines.slice(-40) },
  });
}
