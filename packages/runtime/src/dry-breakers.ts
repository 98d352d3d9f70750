import { decodeUtf8, type Parameters, type Tokenizer } from "@cutaway/core";
import { breakerTokens } from "@cutaway/sampling";

/** What llama.cpp takes where nothing is said. */
const usual = ["\n", ":", '"', "*"];

const known = new WeakMap<Tokenizer, Map<string, number[][]>>();

/** The tokens over which runs do not reach for DRY; nothing where DRY is off. Found once for each tokenizer and list: the whole vocabulary is looked at. */
export function dryBreakersOf(
  { dryMultiplier = 0, drySequenceBreakers = usual }: Parameters,
  { tokenizer, bytesOf }: { tokenizer: Tokenizer; bytesOf(id: number): Uint8Array },
): number[][] | undefined {
  if (dryMultiplier === 0 || drySequenceBreakers.length === 0) return undefined;
  const lists = known.get(tokenizer) ?? new Map<string, number[][]>();
  known.set(tokenizer, lists);
  const key = JSON.stringify(drySequenceBreakers);
  const found =
    lists.get(key) ??
    breakerTokens(
      drySequenceBreakers,
      tokenizer.vocabSize,
      (id) => decodeUtf8(bytesOf(id)),
      (text) => Array.from(tokenizer.encode(text)),
    );
  lists.set(key, found);
  return found;
}
