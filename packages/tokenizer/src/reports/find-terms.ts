import type { Span } from "@cutaway/core";

interface Node {
  next: Map<number, Node>;
  term?: number;
}

/**
 * Where terms stand in a text as words of their own: the longest at each place, none overlapping, upper and lower case told apart.
 * Yields the index of the term and its span in UTF-16 units. Work is at most text length × longest term.
 */
export function* findTerms(text: string, terms: readonly string[]): Generator<{ term: number; span: Span }> {
  const root = trieOf(terms);
  let at = 0;
  while (at < text.length) {
    const found = longestAt(text, at, root);
    if (found) yield { term: found.term, span: { start: at, end: found.end } };
    at = found ? found.end : at + 1;
  }
}

function trieOf(terms: readonly string[]): Node {
  const root: Node = { next: new Map() };
  terms.forEach((term, index) => {
    let node = root;
    for (let i = 0; i < term.length; i++) {
      const unit = term.charCodeAt(i);
      const next: Node = node.next.get(unit) ?? { next: new Map() };
      node.next.set(unit, next);
      node = next;
    }
    node.term ??= index;
  });
  return root;
}

function longestAt(text: string, start: number, root: Node): { term: number; end: number } | undefined {
  let node = root.next.get(text.charCodeAt(start));
  if (!node || !isBoundary(text, start)) return undefined;
  let found: { term: number; end: number } | undefined;
  for (let end = start + 1; node; end++) {
    if (node.term !== undefined && isBoundary(text, end)) found = { term: node.term, end };
    node = end < text.length ? node.next.get(text.charCodeAt(end)) : undefined;
  }
  return found;
}

/** Whether no word goes on across this place: not both sides are letters, marks or digits. */
const isBoundary = (text: string, at: number): boolean => !(wordBefore(text, at) && wordAfter(text, at));

const wordBefore = (text: string, at: number) => at > 0 && isWord.test(text.slice(Math.max(0, at - 2), at));
const wordAfter = (text: string, at: number) => at < text.length && startsWord.test(text.slice(at, at + 2));

const isWord = /[\p{L}\p{M}\p{N}]$/u;
const startsWord = /^[\p{L}\p{M}\p{N}]/u;
