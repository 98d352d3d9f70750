import type { Scan } from "./runs.ts";
import { scanCl100k } from "./scan-cl100k.ts";
import { scanGpt2 } from "./scan-gpt2.ts";
import { scanO200k } from "./scan-o200k.ts";

export const gpt2Pattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const leading = String.raw`[^\r\n\p{L}\p{N}]?`;
const white = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;

/** cl100k_base and Llama 3. */
export const cl100kPattern = String.raw`${contractions}|${leading}\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|${white}`;
/** Qwen 2, 2.5 and 3. */
export const qwen2Pattern = String.raw`${contractions}|${leading}\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|${white}`;
export const o200kPattern = String.raw`${leading}${upper}*${lower}+${contractions}?|${leading}${upper}+${lower}*${contractions}?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${white}`;

/** Split patterns that have a scanner of their own; any other is run as a regular expression. For long texts bpe/compiled/scan.as cuts as these do. */
export const knownPatterns: ReadonlyMap<string, Scan> = new Map([
  [gpt2Pattern, scanGpt2],
  [cl100kPattern, scanCl100k(3)],
  [qwen2Pattern, scanCl100k(1)],
  [o200kPattern, scanO200k],
]);
