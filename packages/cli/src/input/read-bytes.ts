import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { CutawayError } from "@cutaway/core";
import type { Output } from "../output.ts";
import { explainSystemError } from "../system-error.ts";
import { line } from "../terminal/line.ts";
import { bytes as bytesWord } from "../terminal/numbers.ts";

/** More than any recording of calls that fits a machine's memory several times over; a real HAR of 100 MB is far below. */
const mostBytes = 1_000_000_000;
/** From here on reading and decoding may take seconds: say so before. */
const sayFrom = 20_000_000;

/** A file whole. Directories, missing files and files that are too large end as a CutawayError. */
export function readFileBytes(path: string, out: Output): Uint8Array {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR", syscall: "read", path });
    if (stat.size > mostBytes) throw tooLarge(path, stat.size);
    if (stat.size > sayFrom) out.say(line(`reading ${path} (${bytesWord(stat.size)})`));
    return stat.isFile() ? readFileSync(file) : readAll(file, path);
  } catch (error) {
    throw explainSystemError(error, path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Standard input to its end. A terminal there is told that it is read: nothing else would say why nothing happens. */
export async function readStandardInput(out: Output, interrupted: AbortSignal): Promise<Uint8Array> {
  if (process.stdin.isTTY) out.say(line("reading standard input; end it with Ctrl-D"));
  const parts: Buffer[] = [];
  let size = 0;
  const stop = () => process.stdin.destroy();
  interrupted.addEventListener("abort", stop, { once: true });
  try {
    for await (const part of process.stdin) {
      parts.push(part);
      size += part.length;
      if (size > mostBytes) throw tooLarge("standard input", size);
    }
  } catch (error) {
    if (!interrupted.aborted) throw explainSystemError(error, "standard input");
  } finally {
    interrupted.removeEventListener("abort", stop);
  }
  return Buffer.concat(parts);
}

/** A pipe or device given by name: its size is not known before its end. */
function readAll(file: number, path: string): Uint8Array {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const part = Buffer.alloc(1 << 16);
    const got = readSync(file, part);
    if (got === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, got));
    size += got;
    if (size > mostBytes) throw tooLarge(path, size);
  }
}

const tooLarge = (name: string, size: number) =>
  new CutawayError("input-too-large", `${name} is larger than ${bytesWord(mostBytes)} (${bytesWord(size)} so far)`, {
    fix: "Split it: JSONL can be cut at any line.",
    data: { bytes: size },
  });
