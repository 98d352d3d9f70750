import { spawn } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CutawayError } from "@cutaway/core";

const packages = fileURLToPath(new URL("../../../", import.meta.url));
const web = join(packages, "web");

/** The built workbench, where it lies in a clone. */
export const webRoot = join(web, "dist");

/** What the workbench is made of: its own sources, and those of the packages it imports. */
const sources = ["web/src", "web/public", "web/index.html", "web/vite.config.ts", "web/package.json", "core/src", "metrics/src"];

export type WebState = "current" | "stale" | "missing" | "no sources";

/** Whether the built workbench is there and not older than its sources. */
export function webState(root = packages): WebState {
  const built = modified(join(root, "web/dist/index.html"));
  if (!existsSync(join(root, "web/vite.config.ts"))) return built === undefined ? "no sources" : "current";
  if (built === undefined) return "missing";
  return sources.some((source) => newest(join(root, source)) > built) ? "stale" : "current";
}

/**
 * Builds the workbench with Vite: into a folder of its own, then renamed into place, so that an interrupted build leaves the old one.
 * @throws `web-build-failed` with the end of Vite's output
 */
export async function buildWeb(signal: AbortSignal): Promise<void> {
  const vite = join(dirname(createRequire(join(web, "package.json")).resolve("vite/package.json")), "bin/vite.js");
  const fresh = join(web, `.dist-${process.pid}`);
  try {
    const { code, output } = await runVite(vite, fresh, signal);
    if (signal.aborted) return;
    if (code !== 0)
      throw new CutawayError("web-build-failed", `the workbench could not be built:\n${output.slice(-2000).trim()}`, {
        kind: "internal",
        fix: "Run npm ci, then npm run build:web.",
      });
    const old = join(web, `.dist-${process.pid}-old`);
    if (existsSync(webRoot)) renameSync(webRoot, old);
    renameSync(fresh, webRoot);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function runVite(vite: string, outDir: string, signal: AbortSignal): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"], {
      cwd: web,
      signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
    child.on("error", (error) => (signal.aborted ? resolve({ code: null, output }) : reject(error)));
    child.on("close", (code) => resolve({ code, output }));
  });
}

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((most, entry) => Math.max(most, modified(join(entry.parentPath, entry.name)) ?? 0), 0);
}

const modified = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
