import { checkCount, type HitCount } from "./hit-count.ts";

export type Tail = "greater" | "less" | "two-sided";

/**
 * Fisher's exact test of two counts: how probable a table at least as far from chance is, the margins given.
 * alternative  `greater`: a's rate is above b's. `less`: below. `two-sided`: every table that is at most as probable as this one.
 * @returns p, 0 to 1; 1 where an arm has no runs, for nothing speaks against chance then
 * @throws `invalid-count`
 * source  Fisher 1935, "The Logic of Inductive Inference", JRSS 98(1); the two-sided rule is R's and SciPy's
 */
export function fisherExact(a: HitCount, b: HitCount, alternative: Tail): number {
  checkCount(a);
  checkCount(b);
  const hits = a.hits + b.hits;
  const least = Math.max(0, hits - b.runs);
  const most = Math.min(hits, a.runs);
  const logs = logFactorials(a.runs + b.runs);
  const choose = (n: number, k: number) => at(logs, n) - at(logs, k) - at(logs, n - k);
  const all = choose(a.runs + b.runs, hits);
  const probability = (x: number) => Math.exp(choose(a.runs, x) + choose(b.runs, hits - x) - all);

  const observed = probability(a.hits) * (1 + 1e-7); // tables as probable as this one differ from it by rounding
  let p = 0;
  for (let x = least; x <= most; x++) {
    const counts = alternative === "greater" ? x >= a.hits : alternative === "less" ? x <= a.hits : probability(x) <= observed;
    if (counts) p += probability(x);
  }
  return Math.min(1, p);
}

/** ln(0!) … ln(n!). */
function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logs[i] = at(logs, i - 1) + Math.log(i);
  return logs;
}

const at = (values: Float64Array, i: number): number => values[i] as number;
