import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ServerProcess {
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl: string;
  model: string;
  /** Bytes in memory now. */
  resident(): number;
  /** As Ctrl-C would. @returns its exit code */
  stop(): Promise<number | null>;
}

/** `cutaway serve` in a process of its own, ready to answer: what it takes of memory is then its own, and not its clients'. */
export async function startServerProcess(args: readonly string[], folder: string): Promise<ServerProcess> {
  const bin = fileURLToPath(new URL("../../packages/cli/bin/cutaway.js", import.meta.url));
  const child = spawn(process.execPath, [bin, "serve", "--json", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, CUTAWAY_DIR: folder },
  });
  const lines = createInterface({ input: child.stdout });
  const [first] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => {
      throw new Error(`cutaway serve ended with ${code}`);
    }),
  ])) as [string];
  // The line of every call is printed, as it is for a person who watches; nobody reads it here.
  lines.on("line", () => {});
  const { openaiBaseUrl, model } = JSON.parse(first) as { openaiBaseUrl: string; model: string };
  return {
    baseUrl: openaiBaseUrl,
    model,
    resident: () => residentBytes(child),
    async stop() {
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
}

function residentBytes({ pid }: ChildProcess): number {
  const kilobytes =
    process.platform === "linux"
      ? /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  return Number(kilobytes) * 1024;
}
