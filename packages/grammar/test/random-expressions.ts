import fc from "fast-check";
import type { Expressions, Node } from "../src/expressions/index.ts";

/** An expression as a tree: what a slow matcher reads, and what `Expressions` is told to build. */
export type Tree =
  | { is: "nothing" | "empty" }
  | { is: "bytes"; set: number[] }
  | { is: "text"; text: string }
  | { is: "sequence" | "choice"; parts: Tree[] }
  | { is: "repeat"; part: Tree; min: number; max?: number }
  | { is: "both"; parts: Tree[] }
  | { is: "not"; part: Tree }
  | { is: "at"; part: Tree }
  | { is: "brackets"; part: Tree };

/** Letters of which random expressions and texts are made. */
export const letters = "abé";
const alphabet = [...new TextEncoder().encode(letters)];

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Tree>({ is: "empty" }, { is: "nothing" }) },
  { weight: 4, arbitrary: fc.subarray(alphabet, { minLength: 1 }).map((set): Tree => ({ is: "bytes", set })) },
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 }).map((text): Tree => ({ is: "text", text })) },
);

function tree(depth: number, regular: boolean): fc.Arbitrary<Tree> {
  if (depth === 0) return leaf;
  const part = tree(depth - 1, regular);
  const inner = tree(depth - 1, true);
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  const kinds: fc.Arbitrary<Tree>[] = [
    leaf,
    parts.map((parts): Tree => ({ is: "sequence", parts })),
    parts.map((parts): Tree => ({ is: "choice", parts })),
    fc
      .tuple(part, fc.nat(3), fc.option(fc.nat(3), { nil: undefined }))
      .map(([part, min, more]): Tree => ({ is: "repeat", part, min, ...(more === undefined ? {} : { max: min + more }) })),
    fc.array(inner, { minLength: 2, maxLength: 3 }).map((parts): Tree => ({ is: "both", parts })),
    inner.map((part): Tree => ({ is: "not", part })),
    part.map((part): Tree => ({ is: "at", part })),
  ];
  if (!regular) kinds.push(part.map((part): Tree => ({ is: "brackets", part })));
  return fc.oneof(...kinds);
}

/** Random expressions, with recursive rules (brackets around themselves) where `regular` is false. */
export const trees = (regular = false): fc.Arbitrary<Tree> => fc.oneof(tree(1, regular), tree(2, regular), tree(3, regular));

let rules = 0;

export function build(expressions: Expressions, tree: Tree): Node {
  const of = (part: Tree): Node => build(expressions, part);
  switch (tree.is) {
    case "nothing":
      return expressions.nothing;
    case "empty":
      return expressions.empty;
    case "bytes":
      return expressions.bytes(tree.set);
    case "text":
      return expressions.text(tree.text);
    case "sequence":
      return expressions.sequence(...tree.parts.map(of));
    case "choice":
      return expressions.choice(...tree.parts.map(of));
    case "repeat":
      return expressions.repeat(of(tree.part), tree.min, tree.max);
    case "both":
      return expressions.both(...tree.parts.map(of));
    case "not":
      return expressions.not(of(tree.part));
    case "at":
      return expressions.at({ pointer: `/${rules++}` }, of(tree.part));
    case "brackets": {
      // R = a R b | part
      const inner = of(tree.part);
      const rule: Node = expressions.rule(`brackets ${rules++}`, () =>
        expressions.choice(expressions.sequence(expressions.text("a"), rule, expressions.text("b")), inner),
      );
      return rule;
    }
  }
}

/** Whether a text belongs to the tree, by definition: all places where a part that begins at `from` may end. */
export function belongs(tree: Tree, bytes: Uint8Array): boolean {
  const known = new Map<Tree, Map<number, Set<number>>>();
  const ends = (tree: Tree, from: number): Set<number> => {
    const byPlace = known.get(tree) ?? new Map<number, Set<number>>();
    known.set(tree, byPlace);
    const found = byPlace.get(from) ?? endsAnew(tree, from);
    byPlace.set(from, found);
    return found;
  };
  const after = (places: Set<number>, tree: Tree): Set<number> => new Set([...places].flatMap((place) => [...ends(tree, place)]));
  const endsAnew = (tree: Tree, from: number): Set<number> => {
    switch (tree.is) {
      case "nothing":
        return new Set();
      case "empty":
        return new Set([from]);
      case "bytes":
        return new Set(from < bytes.length && tree.set.includes(bytes[from] as number) ? [from + 1] : []);
      case "text": {
        const wanted = new TextEncoder().encode(tree.text);
        return new Set(wanted.every((byte, i) => bytes[from + i] === byte) ? [from + wanted.length] : []);
      }
      case "sequence":
        return tree.parts.reduce(after, new Set([from]));
      case "choice":
        return new Set(tree.parts.flatMap((part) => [...ends(part, from)]));
      case "repeat": {
        const found = new Set<number>();
        let places = new Set([from]);
        // Beyond min, more rounds than bytes reach nothing new.
        const most = tree.max ?? tree.min + bytes.length + 1;
        for (let round = 0; round <= most; round++) {
          if (round >= tree.min) for (const place of places) found.add(place);
          places = after(places, tree.part);
        }
        return found;
      }
      case "both":
        return new Set([...ends(tree.parts[0] as Tree, from)].filter((end) => tree.parts.every((part) => ends(part, from).has(end))));
      case "not": {
        const not = ends(tree.part, from);
        const found = new Set<number>();
        for (let to = from; to <= bytes.length; to++) if (!not.has(to)) found.add(to);
        return found;
      }
      case "at":
        return ends(tree.part, from);
      case "brackets": {
        const found = new Set(ends(tree.part, from));
        if (bytes[from] === 0x61) for (const end of ends(tree, from + 1)) if (bytes[end] === 0x62) found.add(end + 1);
        return found;
      }
    }
  };
  return ends(tree, 0).has(bytes.length);
}
