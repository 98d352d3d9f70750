import { createHash } from "node:crypto";
import { basename } from "node:path";
import { hashFile } from "../models/hash-file.ts";

/** One hash for a model's files of weights: the file's own; of several, that of the lines `HASH  NAME` as sha256sum prints them, by name. */
export async function hashFiles(paths: readonly string[]): Promise<string> {
  const [first, second] = paths;
  if (first !== undefined && second === undefined) return hashFile(first);
  const hash = createHash("sha256");
  for (const path of paths.toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1))) hash.update(`${await hashFile(path)}  ${basename(path)}\n`);
  return hash.digest("hex");
}
