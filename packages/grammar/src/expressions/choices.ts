import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";

/**
 * One node for any of several: nested choices opened, each once, sets of bytes made one, counts of the same part made one, equal tails shared. That keeps
 * the number of different states small; the language is the same.
 */
export function mergedChoice(expressions: Expressions, parts: readonly Node[]): Node {
  const { nodes } = expressions;
  const members = new Set<Node>();
  for (const part of parts) {
    if (part === expressions.nothing) continue;
    if (nodes.kinds[part] === Kind.choice) {
      const start = nodes.a[part] as number;
      for (let i = 0; i < (nodes.b[part] as number); i++) members.add(nodes.pool[start + i] as Node);
    } else members.add(part);
  }
  if (members.size > 1) {
    mergeBytes(expressions, members);
    mergeCounts(expressions, members);
    if (members.size > 1 && shareTails(expressions, members)) return mergedChoice(expressions, [...members]);
  }
  if (members.size === 0) return expressions.nothing;
  if (members.size === 1) for (const only of members) return only;
  if (members.has(expressions.anyBytes) && [...members].every((member) => expressions.isRegular(member))) return expressions.anyBytes;
  const sorted = Int32Array.from(members).sort();
  return expressions.choiceNode(sorted, sorted.length);
}

function mergeBytes(expressions: Expressions, members: Set<Node>): void {
  const { kinds, a } = expressions.nodes;
  const found: Node[] = [];
  for (const member of members) if (kinds[member] === Kind.bytes) found.push(member);
  if (found.length < 2) return;
  let set = 0;
  for (const member of found) {
    set = expressions.sets.union(set, a[member] as number);
    members.delete(member);
  }
  members.add(expressions.byteSet(set));
}

/** x{1,3} | x{2,7} → x{1,7}; x | x{2,} → x+; an empty text beside x{0,…} is said already. */
function mergeCounts(expressions: Expressions, members: Set<Node>): void {
  const { kinds, a, b, c } = expressions.nodes;
  let repeats = 0;
  let nullable = false;
  for (const member of members) {
    if (kinds[member] !== Kind.repeat) continue;
    repeats++;
    nullable ||= b[member] === 0;
  }
  if (repeats === 0) return;
  if (nullable) members.delete(expressions.empty);
  const byPart = new Map<Node, Node[]>();
  for (const member of members) {
    if (kinds[member] !== Kind.repeat) continue;
    const same = byPart.get(a[member] as Node);
    if (same) same.push(member);
    else byPart.set(a[member] as Node, [member]);
  }
  for (const [part, same] of byPart) {
    const ranges = same.map((member) => ({ member, min: b[member] as number, max: c[member] === -1 ? Infinity : (c[member] as number) }));
    if (members.has(part)) ranges.push({ member: part, min: 1, max: 1 });
    if (members.has(expressions.empty)) ranges.push({ member: expressions.empty, min: 0, max: 0 });
    if (ranges.length < 2) continue;
    ranges.sort((x, y) => x.min - y.min);
    for (let i = 0; i < ranges.length; ) {
      let max = (ranges[i] as (typeof ranges)[0]).max;
      let end = i + 1;
      while (end < ranges.length && (ranges[end] as (typeof ranges)[0]).min <= max + 1) {
        max = Math.max(max, (ranges[end] as (typeof ranges)[0]).max);
        end++;
      }
      if (end - i > 1) {
        const merged = expressions.repeat(part, (ranges[i] as (typeof ranges)[0]).min, max === Infinity ? undefined : max);
        for (let j = i; j < end; j++) members.delete((ranges[j] as (typeof ranges)[0]).member);
        members.add(merged);
      }
      i = end;
    }
  }
}

/** a·t | b·t → (a|b)·t. Whether anything was shared. */
function shareTails(expressions: Expressions, members: Set<Node>): boolean {
  const { kinds, a, b } = expressions.nodes;
  let byTail: Map<Node, Node[]> | undefined;
  let shared = false;
  for (const member of members) {
    if (kinds[member] !== Kind.sequence) continue;
    byTail ??= new Map();
    const same = byTail.get(b[member] as Node);
    if (same) {
      same.push(member);
      shared = true;
    } else byTail.set(b[member] as Node, [member]);
  }
  if (!shared || !byTail) return false;
  for (const [tail, same] of byTail) {
    if (same.length < 2) continue;
    for (const member of same) members.delete(member);
    members.add(
      expressions.followedBy(
        mergedChoice(
          expressions,
          same.map((member) => a[member] as Node),
        ),
        tail,
      ),
    );
  }
  return true;
}
