import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/cutaway.js", import.meta.url));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Place {
  folder: string;
  /** Runs the real binary in the folder and waits for its end. */
  cutaway(args: string[], options?: { input?: string | Uint8Array; env?: NodeJS.ProcessEnv }): Promise<Ran>;
  /** Starts it, itself or as the child of a shell that waits for it, and lets it run. `ended` when nobody writes its output any more. */
  start(
    args: string[],
    env?: NodeJS.ProcessEnv,
    under?: "shell",
  ): { child: ChildProcess; output: { stdout: string; stderr: string }; ended: Promise<Ran> };
  remove(): void;
}

/** An empty folder with a store of its own, and the command line in it. */
export function emptyPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-cli-"));
  const start: Place["start"] = (args, env = {}, under) => {
    const [command, ...rest] = [...(under ? ["sh", "-c", '"$@"; exit', "sh"] : []), process.execPath, bin, ...args] as [string, ...string[]];
    const child = spawn(command, rest, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, CUTAWAY_DIR: join(folder, "store"), ...env },
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      output.stdout += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      output.stderr += part;
    });
    const ended = new Promise<Ran>((resolve) => child.on("close", (code) => resolve({ code, ...output })));
    return { child, output, ended };
  };
  return {
    folder,
    start,
    cutaway(args, { input, env } = {}) {
      const { child, ended } = start(args, env);
      child.stdin?.on("error", () => {});
      child.stdin?.end(input ?? "");
      return ended;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Waits until `condition` holds, for a process that shows its state only by what it prints; on a busy machine that may be for long. */
export async function until(condition: () => boolean, withinMs = 100_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("what the test waits for did not come");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
