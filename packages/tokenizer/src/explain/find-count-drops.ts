import type { Tokenizer } from "@cutaway/core";
import { vocabularyEntries } from "./vocabulary-entries.ts";

export interface CountDrop {
  /** A text … */
  before: string;
  tokensBefore: number;
  /** … and the same text with more behind it, which is fewer tokens. */
  after: string;
  tokensAfter: number;
}

/**
 * Proof that counts do not add up: words whose beginning takes more tokens than the whole, the largest drops first.
 * Searched among the vocabulary's own words, each without its last one to `most` letters.
 */
export function findCountDrops(tokenizer: Tokenizer, limit = 20, most = 4): CountDrop[] {
  const drops: CountDrop[] = [];
  for (const { text, kind } of vocabularyEntries(tokenizer)) {
    if (kind !== "text" || text === undefined || !/^ ?\p{L}{5,}$/u.test(text)) continue;
    const tokensAfter = tokenizer.count(text);
    for (let cut = 1; cut <= most; cut++) {
      const before = text.slice(0, -cut);
      if (before.trimStart().length < 3) break;
      const tokensBefore = tokenizer.count(before);
      if (tokensBefore > tokensAfter + 1) drops.push({ before, tokensBefore, after: text, tokensAfter });
    }
  }
  return drops.sort((a, b) => b.tokensBefore - b.tokensAfter - (a.tokensBefore - a.tokensAfter) || a.after.length - b.after.length).slice(0, limit);
}
