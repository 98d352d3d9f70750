import type { Tokenizer } from "@cutaway/core";
import { countCharacters } from "./count-words.ts";
import { runningTokens } from "./term-contexts.ts";

/** Common English words, some of each length from 3 to 14 letters: what a term of that length would cost if it were one of them. */
export const ordinaryWords: readonly string[] = [
  ...["and", "day", "old", "way", "out", "new", "man", "see"],
  ...["time", "work", "back", "life", "good", "hand", "part", "room"],
  ...["water", "place", "right", "small", "house", "world", "group", "night"],
  ...["people", "number", "school", "family", "system", "friend", "market", "summer"],
  ...["problem", "company", "country", "service", "history", "morning", "picture", "teacher"],
  ...["business", "question", "national", "together", "children", "building", "research", "language"],
  ...["community", "important", "different", "education", "president", "beautiful", "knowledge", "direction"],
  ...["government", "understand", "experience", "technology", "difference", "management", "successful", "collection"],
  ...["information", "development", "environment", "opportunity", "performance", "competition", "temperature", "traditional"],
  ...["professional", "particularly", "relationship", "conversation", "organization", "intelligence", "construction", "distribution"],
  ...["international", "understanding", "environmental", "administrator", "communication", "manufacturing", "approximately", "entertainment"],
  ...["responsibility", "administration", "recommendation", "representative", "characteristic", "transportation", "classification", "implementation"],
];

/**
 * Tokens that ordinary words as long as a term take in running text: the mean of those of the nearest length, in proportion where the term
 * is longer than any; a phrase is the sum of its words.
 * words  not empty
 */
export function ordinaryTokens(tokenizer: Tokenizer, words: readonly string[]): (term: string) => number {
  const byLength = new Map<number, number[]>();
  for (const word of words) {
    const length = countCharacters(word);
    byLength.set(length, [...(byLength.get(length) ?? []), runningTokens(tokenizer, word)]);
  }
  const means = [...byLength].map(([length, counts]) => ({ length, mean: counts.reduce((sum, count) => sum + count, 0) / counts.length }));
  means.sort((a, b) => a.length - b.length);
  const ofWord = (length: number): number => {
    const nearest = means.reduce((best, one) => (Math.abs(one.length - length) < Math.abs(best.length - length) ? one : best));
    return nearest.mean * Math.max(1, length / nearest.length);
  };
  return (term) =>
    term
      .split(/\p{White_Space}+/u)
      .filter((part) => part !== "")
      .reduce((sum, part) => sum + ofWord(countCharacters(part)), 0) || ofWord(countCharacters(term));
}
