import fc from "fast-check";

/** A random grammar, as a tree: what is written in a notation, and what the slow recogniser below reads. */
export type Tree =
  | { kind: "text"; text: string }
  | { kind: "class"; letters: string; negated: boolean }
  | { kind: "name"; name: string }
  | { kind: "sequence" | "choice"; parts: Tree[] }
  | { kind: "repeat"; part: Tree; min: number; max: number | undefined };

export const names = ["root", "one", "two", "three"];
const letters = "abc";

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom("a", "b", "c", "ab", "ca").map((text): Tree => ({ kind: "text", text })),
    fc.constantFrom(...names).map((name): Tree => ({ kind: "name", name })),
    fc.tuple(fc.constantFrom("a", "ab", "bc"), fc.boolean()).map(([set, negated]): Tree => ({ kind: "class", letters: set, negated })),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((parts): Tree => ({ kind: "sequence", parts })),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((parts): Tree => ({ kind: "choice", parts })),
    fc
      .tuple(tie("tree"), fc.constantFrom<[number, number | undefined]>([0, undefined], [1, undefined], [0, 1], [2, 2], [1, 3], [2, undefined]))
      .map(([part, [min, max]]): Tree => ({ kind: "repeat", part, min, max })),
  ),
})).tree;

export const grammars: fc.Arbitrary<Map<string, Tree>> = fc
  .tuple(tree, tree, tree, tree)
  .map((bodies) => new Map(names.map((name, i) => [name, bodies[i] as Tree])));

export const words = fc.array(fc.constantFrom(...letters), { maxLength: 7 }).map((parts) => parts.join(""));

/** Where texts of each rule end, for each beginning, until nothing more is found: slow, and plainly right, left recursion and all. */
export const recognises = (grammar: ReadonlyMap<string, Tree>, text: string): boolean => {
  const ends = new Map<string, Set<number>>();
  const known = (name: string, from: number): Set<number> => {
    const key = `${name} ${from}`;
    const found = ends.get(key) ?? new Set<number>();
    ends.set(key, found);
    return found;
  };
  const endsOf = (part: Tree, from: ReadonlySet<number>): Set<number> => {
    const all = new Set<number>();
    const add = (more: Iterable<number>): void => {
      for (const end of more) all.add(end);
    };
    for (const start of from) {
      if (part.kind === "text" && text.startsWith(part.text, start)) add([start + part.text.length]);
      if (part.kind === "class" && start < text.length && part.letters.includes(text[start] ?? "") !== part.negated) add([start + 1]);
      if (part.kind === "name") add(known(part.name, start));
    }
    if (part.kind === "choice") for (const inner of part.parts) add(endsOf(inner, from));
    if (part.kind === "sequence") add(part.parts.reduce<ReadonlySet<number>>((at, inner) => endsOf(inner, at), from));
    if (part.kind === "repeat") {
      let at: ReadonlySet<number> = from;
      for (let i = 0; i < part.min; i++) at = endsOf(part.part, at);
      add(at);
      for (let i = part.min; i < (part.max ?? text.length + part.min + 1); i++) {
        at = endsOf(part.part, at);
        add(at);
      }
    }
    return all;
  };
  for (let before = -1, after = 0; before < after; ) {
    before = after;
    after = 0;
    for (const [name, body] of grammar)
      for (let start = 0; start <= text.length; start++) {
        const found = known(name, start);
        for (const end of endsOf(body, new Set([start]))) found.add(end);
        after += found.size;
      }
  }
  return known("root", 0).has(text.length);
};
