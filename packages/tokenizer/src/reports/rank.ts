import { pairedDifference } from "@cutaway/metrics";
import type { Ranking } from "./report-types.ts";

/** Below this many queries an interval of Student's t says little, however far the values lie apart. */
const fewestQueries = 5;

/**
 * Who has the least mean, with the others' differences from it. The level of each interval is raised so that all of them hold together
 * (Bonferroni); the first is shown to be least only where no interval includes 0.
 * rows   the same queries in the same order
 */
export function rank(
  rows: readonly { name: string; values: readonly number[]; estimate?: boolean }[],
  { level, what, least }: { level: number; what: string; least: string },
): Ranking {
  const means = rows.map(({ name, values }) => ({ name, values, mean: values.reduce((sum, value) => sum + value, 0) / values.length }));
  const sorted = [...means].sort((a, b) => a.mean - b.mean);
  const order = sorted.map(({ name, mean }) => ({ name, mean }));
  const [first, ...others] = sorted;
  if (!first) return { order, differences: [], says: `Nothing to rank by ${what}.` };
  if (others.length === 0) return { order, differences: [], says: `Only ${first.name} has figures for ${what}: there is nothing to compare with.` };

  const each = 1 - (1 - level) / others.length;
  const differences = others.map(({ name, values }) => {
    const interval = values.length < fewestQueries ? undefined : pairedDifference(values, first.values, each);
    return { name, ...(interval && { interval }), shown: interval !== undefined && interval.low > 0 };
  });
  const last = others[others.length - 1] as (typeof others)[number];
  const open = differences.filter(({ shown }) => !shown).map(({ name }) => name);
  return {
    order,
    ...(first.mean > 0 && { spread: last.mean / first.mean }),
    ...(open.length === 0 && { shown: first.name }),
    differences,
    says: inWords(first.name, open, first.values.length, least) + estimatesAmong(rows),
  };
}

function estimatesAmong(rows: readonly { name: string; estimate?: boolean }[]): string {
  const names = rows.filter(({ estimate }) => estimate).map(({ name }) => name);
  return names.length === 0 ? "" : ` Estimated: ${names.join(", ")}.`;
}

function inWords(first: string, open: readonly string[], queries: number, least: string): string {
  if (open.length === 0) return `${first} ${least}, and the interval of every difference lies above 0.`;
  if (queries < fewestQueries) return `No difference shown: ${queries === 1 ? "one query is" : `${queries} queries are`} too few for an interval.`;
  return `No difference shown between ${[first, ...open].join(" and ")}: the interval includes 0.`;
}
