import { readFileSync } from "node:fs";

/** A row of the table in docs/verification.md: true rates of the symptom, and the probability that each verdict is said to have. */
export interface Claim {
  unchanged: number;
  changed: number;
  confirmed: number;
  notConfirmed: number;
  notReproduced: number;
  calls: number;
}

const page = readFileSync(new URL("../../../docs/verification.md", import.meta.url), "utf8");

export const claims: readonly Claim[] = [
  ...page.matchAll(/^\| ([\d.]+) \| ([\d.]+) \| ([\d.]+) % \| ([\d.]+) % \| ([\d.]+) % \| ([\d.]+) \|$/gm),
].map((row) => {
  const [unchanged = 0, changed = 0, confirmed = 0, notConfirmed = 0, notReproduced = 0, calls = 0] = row.slice(1).map(Number);
  return { unchanged, changed, confirmed: confirmed / 100, notConfirmed: notConfirmed / 100, notReproduced: notReproduced / 100, calls };
});

/** The rows "runs of each arm | lead". */
export const claimedLooks = [...page.matchAll(/^\| (\d+) \| (\d+) \|$/gm)].map(([, runs, lead]) => ({ runs: Number(runs), lead: Number(lead) }));
