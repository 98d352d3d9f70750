/** Finds stop sequences in a stream of bytes. */
export interface StopMatcher {
  /**
   * Reads the next bytes.
   * @returns the stop sequence that ends first (of two that end together, the longer) and how many bytes of the whole stream stand before it;
   *   else how many bytes at the stream's end may be the beginning of one.
   */
  read(bytes: Uint8Array): { found: string; before: number } | { held: number };
}

/**
 * One Knuth–Morris–Pratt automaton a sequence: every byte is looked at once, however the tokens cut it.
 * UTF-8 is self-synchronising, so bytes match where characters do.
 */
export function createStopMatcher(stops: readonly string[]): StopMatcher {
  const automata = stops.map((text) => {
    const pattern = new TextEncoder().encode(text);
    return { text, pattern, fallback: fallbackOf(pattern), matched: 0 };
  });
  let position = 0;
  return {
    read(bytes) {
      for (const byte of bytes) {
        position++;
        let best: { text: string; length: number } | undefined;
        for (const automaton of automata) {
          const { pattern, fallback, text } = automaton;
          let { matched } = automaton;
          while (matched > 0 && pattern[matched] !== byte) matched = fallback[matched - 1] as number;
          if (pattern[matched] === byte) matched++;
          if (matched === pattern.length && matched > (best?.length ?? 0)) best = { text, length: matched };
          automaton.matched = matched;
        }
        if (best) return { found: best.text, before: position - best.length };
      }
      let held = 0;
      for (const { matched } of automata) held = Math.max(held, matched);
      return { held };
    },
  };
}

/** Entry i: length of the longest proper prefix of the pattern that is also a suffix of its first i + 1 bytes. */
function fallbackOf(pattern: Uint8Array): Uint32Array {
  const fallback = new Uint32Array(pattern.length);
  let matched = 0;
  for (let i = 1; i < pattern.length; i++) {
    while (matched > 0 && pattern[matched] !== pattern[i]) matched = fallback[matched - 1] as number;
    if (pattern[matched] === pattern[i]) matched++;
    fallback[i] = matched;
  }
  return fallback;
}
