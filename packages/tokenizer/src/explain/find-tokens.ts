import type { Tokenizer } from "@cutaway/core";
import { plainOf } from "./skeleton.ts";
import { type TokenClass, tokenClass } from "./token-class.ts";
import { type VocabularyEntry, vocabularyEntries } from "./vocabulary-entries.ts";

export interface TokenQuery {
  /** Tokens whose text holds this. */
  holding?: string;
  /** Compare as it looks: without case, compatibility forms and look-alike letters. Default: as it is. */
  loosely?: boolean;
  /** Tokens of this class; see `tokenClass`. */
  class?: TokenClass;
}

/** The tokens that a query describes, in order of id. Special and unused ones are among them. */
export function findTokens(tokenizer: Tokenizer, query: TokenQuery = {}): VocabularyEntry[] {
  const { holding, loosely = false, class: wanted } = query;
  const looked = (text: string) => (loosely ? Array.from(text, plainOf).join("") : text);
  const needle = holding === undefined ? undefined : looked(holding);
  return vocabularyEntries(tokenizer).filter(
    ({ text }) =>
      (needle === undefined || (text !== undefined && looked(text).includes(needle))) && (wanted === undefined || tokenClass(text) === wanted),
  );
}

/** The longest tokens, by bytes; of equals the lower id first. */
export function longestTokens(tokenizer: Tokenizer, query: TokenQuery = {}): VocabularyEntry[] {
  return findTokens(tokenizer, query).toSorted((a, b) => b.bytes.length - a.bytes.length || a.id - b.id);
}

/** Tokens by class, the commonest first. */
export function tokenClasses(tokenizer: Tokenizer): { class: TokenClass; tokens: number; bytes: number }[] {
  const classes = new Map<TokenClass, { class: TokenClass; tokens: number; bytes: number }>();
  for (const { text, bytes, kind } of vocabularyEntries(tokenizer)) {
    const name = kind === "text" ? tokenClass(text) : kind;
    const entry = classes.get(name) ?? { class: name, tokens: 0, bytes: 0 };
    classes.set(name, { ...entry, tokens: entry.tokens + 1, bytes: entry.bytes + bytes.length });
  }
  return [...classes.values()].sort((a, b) => b.tokens - a.tokens);
}

/** Ids that stand for the same bytes, in groups of two and more. */
export function duplicateTokens(tokenizer: Tokenizer): VocabularyEntry[][] {
  const groups = Map.groupBy(vocabularyEntries(tokenizer), ({ bytes, kind }) => (kind === "byte" ? "byte " : "") + String.fromCharCode(...bytes));
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Tokens that look like another one: full-width forms, letters of other scripts, invisible characters. Each with the plain token of its look. */
export function lookAlikeTokens(tokenizer: Tokenizer): { entry: VocabularyEntry; looksLike: VocabularyEntry }[] {
  const plain = new Map<string, VocabularyEntry>();
  const odd: VocabularyEntry[] = [];
  for (const entry of vocabularyEntries(tokenizer)) {
    if (entry.text === undefined || entry.kind !== "text") continue;
    if (/^[\x20-\x7e]+$/.test(entry.text)) plain.set(entry.text, entry);
    else odd.push(entry);
  }
  return odd.flatMap((entry) => {
    const text = entry.text as string;
    // Letters alone are a word of their own script: only what mixes, or is a form of an ASCII letter, was ever meant for it.
    if (/^\s*[^\p{L}\p{N}]*$/u.test(text)) return [];
    const folded = Array.from(text, (character) => (/[\x00-\x7f]/.test(character) ? character : unfold(character))).join("");
    const looksLike = folded === text ? undefined : plain.get(folded);
    return looksLike ? [{ entry, looksLike }] : [];
  });
}

/** What the character looks like, in the case that it has. */
function unfold(character: string): string {
  const plain = plainOf(character);
  return character !== character.toLowerCase() ? plain.toUpperCase() : plain;
}
