import type { LatticeNode } from "@cutaway/core";

/** Nodes set into rows in which none overlaps another: the best path is the first row, then the longest and likeliest as high as there is room. */
export function latticeRows(nodes: readonly LatticeNode[]): LatticeNode[][] {
  const best = nodes.filter((node) => node.best).sort((a, b) => a.start - b.start);
  const others = nodes.filter((node) => !node.best).sort((a, b) => b.end - b.start - (a.end - a.start) || b.score - a.score);
  const rows: LatticeNode[][] = [];
  for (const node of others) {
    const row = rows.find((placed) => placed.every(({ start, end }) => end <= node.start || node.end <= start));
    if (row) row.push(node);
    else rows.push([node]);
  }
  return [best, ...rows];
}
