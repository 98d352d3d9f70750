import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";

/** Special tokens that may come next. */
export function tokensAhead(expressions: Expressions, node: Node): Set<number> {
  const found = new Set<number>();
  ahead(expressions, node, (kind, value) => {
    if (kind === Kind.token) found.add(value);
  });
  return found;
}

/** Labels on what may come next, outermost first. */
export function labelsAhead(expressions: Expressions, node: Node): Set<number> {
  const found = new Set<number>();
  ahead(expressions, node, (kind, value) => {
    if (kind === Kind.at) found.add(value);
  });
  return found;
}

/** Labels on the parts that take the byte, outermost first. */
export function labelsTaking(expressions: Expressions, node: Node, byte: number, found = new Set<number>()): Set<number> {
  const { nodes } = expressions;
  let rest = node;
  for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) {
    labelsTaking(expressions, nodes.a[rest] as Node, byte, found);
    if (!expressions.nullable(nodes.a[rest] as Node)) return found;
  }
  const kind = nodes.kinds[rest] as number;
  if (kind !== Kind.not && expressions.derive(rest, byte) === 0) return found;
  if (kind === Kind.choice || kind === Kind.both) {
    const start = nodes.a[rest] as number;
    for (let i = 0; i < (nodes.b[rest] as number); i++) labelsTaking(expressions, nodes.pool[start + i] as Node, byte, found);
  } else if (kind === Kind.repeat || kind === Kind.not) labelsTaking(expressions, nodes.a[rest] as Node, byte, found);
  else if (kind === Kind.at) {
    found.add(nodes.a[rest] as number);
    labelsTaking(expressions, nodes.b[rest] as Node, byte, found);
  } else if (kind === Kind.rule) labelsTaking(expressions, expressions.rules.body(nodes.a[rest] as number), byte, found);
  return found;
}

/** Visits what may stand at the front, outermost first. */
function ahead(expressions: Expressions, node: Node, visit: (kind: number, a: number) => void, seen = new Set<Node>()): void {
  const { nodes } = expressions;
  let rest = node;
  for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) {
    ahead(expressions, nodes.a[rest] as Node, visit, seen);
    if (!expressions.nullable(nodes.a[rest] as Node)) return;
  }
  if (seen.has(rest)) return;
  seen.add(rest);
  const kind = nodes.kinds[rest] as number;
  visit(kind, nodes.a[rest] as number);
  if (kind === Kind.choice || kind === Kind.both) {
    const start = nodes.a[rest] as number;
    for (let i = 0; i < (nodes.b[rest] as number); i++) ahead(expressions, nodes.pool[start + i] as Node, visit, seen);
  } else if (kind === Kind.repeat || kind === Kind.not) ahead(expressions, nodes.a[rest] as Node, visit, seen);
  else if (kind === Kind.at) ahead(expressions, nodes.b[rest] as Node, visit, seen);
  else if (kind === Kind.rule) ahead(expressions, expressions.rules.body(nodes.a[rest] as number), visit, seen);
}
