/** Strongly connected components of a graph, those that others lead to first (Tarjan 1972, with a stack of its own instead of the program's). */
export const components = (graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] => {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const enter = (name: string): { name: string; next: Iterator<string> } => {
    index.set(name, index.size);
    low.set(name, index.get(name) ?? 0);
    open.push(name);
    isOpen.add(name);
    return { name, next: (graph.get(name) ?? new Set<string>()).values() };
  };
  const lower = (name: string, to: number): void => {
    low.set(name, Math.min(low.get(name) ?? to, to));
  };
  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.next.next();
      if (!step.done) {
        if (!graph.has(step.value)) continue;
        if (!index.has(step.value)) path.push(enter(step.value));
        else if (isOpen.has(step.value)) lower(top.name, index.get(step.value) ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.name, low.get(top.name) ?? 0);
      if (low.get(top.name) !== index.get(top.name)) continue;
      const members = open.splice(open.lastIndexOf(top.name));
      for (const member of members) isOpen.delete(member);
      found.push(members);
    }
  }
  return found;
};
