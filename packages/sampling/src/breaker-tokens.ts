/**
 * DRY's breakers as sequences of tokens, from their texts: every token that contains one whole, and every token that ends with its beginning, followed by
 * the tokens of the rest.
 * textOf    the text of a token, for ids below vocabSize.
 * tokensOf  a text as the tokenizer takes it, without special tokens.
 * source    llama.cpp v0.5.0, `get_overlapping_token_sequences`; koboldcpp pull request 982
 */
export function breakerTokens(
  breakers: readonly string[],
  vocabSize: number,
  textOf: (id: number) => string,
  tokensOf: (text: string) => readonly number[],
): number[][] {
  const sequences: number[][] = [];
  const tails = new Map<string, readonly number[]>();
  for (const breaker of new Set(breakers)) {
    for (let id = 0; id < vocabSize; id++) {
      const text = textOf(id);
      if (text.includes(breaker)) {
        sequences.push([id]);
        continue;
      }
      for (let length = Math.min(breaker.length - 1, text.length); length > 0; length--) {
        if (!text.endsWith(breaker.slice(0, length))) continue;
        const rest = breaker.slice(length);
        const tail = tails.get(rest) ?? tokensOf(rest).slice(0, LONGEST_TAIL);
        tails.set(rest, tail);
        sequences.push([id, ...tail]);
      }
    }
  }
  return sequences;
}

/** Tokens after the first; more would make the search for them slow. */
const LONGEST_TAIL = 20;
