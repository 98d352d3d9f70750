import { tokenBytes, type Vocabulary } from "../vocabulary/vocabulary.ts";
import type { CompiledGrammar } from "./grammar.ts";
import { placesOf } from "./nearest.ts";

export interface HealedPrompt {
  /** The prompt without the tokens taken back. */
  kept: number[];
  /** Their bytes: the answer's first tokens have to spell them, and may go on. */
  prefix: Uint8Array;
}

/** The end of a prompt is looked at so far back. */
const mostTakenBack = 4;

/**
 * Takes back the last tokens of a prompt as far as the vocabulary has a token that begins with their bytes and goes on: where a prompt ends within what would
 * be one token, the model has never seen what should follow. Special tokens are never taken back.
 */
export function healPrompt(vocabulary: Vocabulary, prompt: readonly number[]): HealedPrompt {
  let back = 0;
  const bytes: number[] = [];
  let prefix: number[] = [];
  for (let count = 1; count <= Math.min(mostTakenBack, prompt.length); count++) {
    const id = prompt[prompt.length - count] as number;
    if (!vocabulary.isText[id]) break;
    bytes.unshift(...tokenBytes(vocabulary, id));
    if (!goesOn(vocabulary, Uint8Array.from(bytes))) continue;
    back = count;
    prefix = [...bytes];
  }
  return { kept: prompt.slice(0, prompt.length - back), prefix: Uint8Array.from(prefix) };
}

function goesOn({ tries }: Vocabulary, bytes: Uint8Array): boolean {
  for (const { place } of placesOf(tries, bytes)) if ((tries.end[place] as number) > place + 1) return true;
  return false;
}

/** The grammar after the prefix of a healed prompt. */
export const afterPrefix = ({ expressions, root }: CompiledGrammar, prefix: Uint8Array): CompiledGrammar => ({
  expressions,
  root: expressions.sequence(expressions.text(prefix), root),
});
