import { readFileSync } from "node:fs";

/** Median, minimum and maximum of some timings, in the unit they came in. */
export function spread(times: number[]): { median: number; min: number; max: number; runs: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number, runs: sorted.length };
}

/** The installed version of a peer. */
export function peerVersion(name: string): string {
  const json = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")) as { version: string };
  return json.version;
}
