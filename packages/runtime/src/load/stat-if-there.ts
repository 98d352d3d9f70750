import { type Stats, statSync } from "node:fs";

/** What lies under a path; undefined where nothing does, whatever the reason. */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
