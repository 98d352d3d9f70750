import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LogitsTask } from "../engines/logits-protocol.ts";

/** Runs one engine over some windows of tokens in a process of its own; gives what it writes, cut into rows of so many bytes. A row is valid until the next. */
export async function* rowsOf(engine: string, task: LogitsTask, rowBytes: number): AsyncGenerator<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-quality-"));
  const file = join(folder, "task.json");
  writeFileSync(file, JSON.stringify(task));
  const program = fileURLToPath(new URL(`../engines/${engine}`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@cutaway/source", program, file], { stdio: ["ignore", "pipe", "inherit"] });
  const row = Buffer.alloc(rowBytes);
  let filled = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const taken = Math.min(row.length - filled, chunk.length - at);
        chunk.copy(row, filled, at, at + taken);
        filled += taken;
        at += taken;
        if (filled < row.length) continue;
        filled = 0;
        yield row;
      }
    }
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
