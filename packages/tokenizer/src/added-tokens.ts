import type { TokenId } from "@cutaway/core";

/** A token that is found in the text itself, before the model sees it. The fields are those of a tokenizer.json's `added_tokens`. */
export interface AddedToken {
  content: string;
  id: TokenId;
  /** Control tokens: refused in plain text unless allowed. */
  special: boolean;
  /** Found only where no word character stands on either side. */
  singleWord: boolean;
  /** White space before (after) it belongs to it. */
  lstrip: boolean;
  rstrip: boolean;
}

export interface AddedTokenMatch {
  token: AddedToken;
  /** With the white space that belongs to it. UTF-16 units. */
  start: number;
  end: number;
  /** Where the content itself starts. */
  at: number;
}

interface Node {
  next: Map<number, Node>;
  token?: AddedToken;
}

const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const whiteSpace = /\p{White_Space}/u;

/** Of at most so many units: longer ones are searched for one unit at a time, shorter ones by their first, many at a time. */
const longestPrefix = 4;

/** Finds added tokens in a text: the leftmost, of those the longest. */
export class AddedTokenFinder {
  readonly tokens: readonly AddedToken[];
  readonly #root: Node = { next: new Map() };
  /** What all contents start with, or its beginning: the search jumps to it. Where it is empty, by first unit: whether a content starts so. */
  readonly #prefix: string;
  readonly #starts = new Uint8Array(0x10000);
  /** Units of the longest content. */
  readonly longest: number;

  /** `contentOf` gives the text by which a token is found, where that is not its content. */
  constructor(tokens: readonly AddedToken[], contentOf = (token: AddedToken) => token.content) {
    this.tokens = tokens;
    const contents = tokens.map(contentOf);
    this.longest = contents.reduce((longest, content) => Math.max(longest, content.length), 0);
    this.#prefix = commonPrefix(contents.filter((content) => content !== "")).slice(0, longestPrefix);
    for (const [index, token] of tokens.entries()) {
      const content = contents[index] as string;
      if (content === "") continue;
      this.#starts[content.charCodeAt(0)] = 1;
      let node = this.#root;
      for (let at = 0; at < content.length; at++) node = child(node, content.charCodeAt(at));
      node.token ??= token;
    }
  }

  /** The matches in order. `accept` decides on each token found; one that is not accepted is text. */
  find(text: string, accept: (token: AddedToken, at: number) => boolean): AddedTokenMatch[] {
    const matches: AddedTokenMatch[] = [];
    if (this.tokens.length === 0) return matches;
    let previousEnd = 0;
    for (let at = this.#candidate(text, 0); at < text.length; at = this.#candidate(text, at)) {
      const found = this.#longestAt(text, at);
      if (!found) {
        at++;
        continue;
      }
      const { token, end: contentEnd } = found;
      const start = at;
      at = contentEnd;
      if (!accept(token, start) || (token.singleWord && !standsAlone(text, start, contentEnd))) continue;
      const match = {
        token,
        start: token.lstrip ? spacesBefore(text, start, previousEnd) : start,
        end: token.rstrip ? spacesAfter(text, contentEnd) : contentEnd,
        at: start,
      };
      matches.push(match);
      previousEnd = match.end;
      at = match.end;
    }
    return matches;
  }

  /** Whether a content, accepted or not, stands across the place before the unit `at`, ends there or begins there. */
  touches(text: string, at: number): boolean {
    for (let start = Math.max(0, at - this.longest); start <= at && start < text.length; start++) {
      if (this.#starts[text.charCodeAt(start)] === 0) continue;
      const found = this.#longestAt(text, start);
      if (found && found.end >= at) return true;
    }
    return false;
  }

  /** The first place from `at` on where a content may start. */
  #candidate(text: string, at: number): number {
    if (this.#prefix !== "") {
      const found = text.indexOf(this.#prefix, at);
      return found < 0 ? text.length : found;
    }
    while (at < text.length && this.#starts[text.charCodeAt(at)] === 0) at++;
    return at;
  }

  #longestAt(text: string, start: number): { token: AddedToken; end: number } | undefined {
    let node: Node | undefined = this.#root;
    let longest: { token: AddedToken; end: number } | undefined;
    for (let at = start; at < text.length; at++) {
      node = node.next.get(text.charCodeAt(at));
      if (!node) break;
      if (node.token) longest = { token: node.token, end: at + 1 };
    }
    return longest;
  }
}

function commonPrefix(texts: string[]): string {
  let prefix = texts[0] ?? "";
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

function child(node: Node, unit: number): Node {
  let next = node.next.get(unit);
  if (!next) {
    next = { next: new Map() };
    node.next.set(unit, next);
  }
  return next;
}

function standsAlone(text: string, start: number, end: number): boolean {
  return !wordBefore.test(text.slice(Math.max(0, start - 2), start)) && !wordAfter.test(text.slice(end, end + 2));
}

function spacesBefore(text: string, at: number, limit: number): number {
  while (at > limit && whiteSpace.test(text[at - 1] as string)) at--;
  return at;
}

function spacesAfter(text: string, at: number): number {
  while (at < text.length && whiteSpace.test(text[at] as string)) at++;
  return at;
}
