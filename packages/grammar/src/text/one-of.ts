import { choiceOf, empty, literal, sequence, type Text } from "./text.ts";

/** Beginnings inside beginnings are followed this deep; below, the words stand side by side. */
const deepest = 400;

/** One of these texts; beginnings that several share are written once, so that a long list costs no more than its letters. */
export const oneOf = (values: readonly string[]): Text =>
  fork(
    [...new Set(values)].filter((value) => value.isWellFormed()).map((value) => Array.from(value)),
    0,
    0,
  );

const fork = (words: readonly (readonly string[])[], from: number, depth: number): Text => {
  if (depth > deepest) return choiceOf(words.map((word) => literal(word.slice(from).join(""))));
  const byFirst = new Map<string, (readonly string[])[]>();
  let ends = false;
  for (const word of words) {
    const first = word[from];
    if (first === undefined) ends = true;
    else if (byFirst.get(first)?.push(word) === undefined) byFirst.set(first, [word]);
  }
  const branches = [...byFirst.values()].map((group) => branch(group, from, depth));
  return choiceOf([...(ends ? [empty] : []), ...branches]);
};

const branch = (group: readonly (readonly string[])[], from: number, depth: number): Text => {
  const [first = []] = group;
  let shared = from;
  while (shared < first.length && group.every((word) => word[shared] === first[shared])) shared++;
  const head = literal(first.slice(from, shared).join(""));
  return group.length === 1 ? head : sequence(head, fork(group, shared, depth + 1));
};
