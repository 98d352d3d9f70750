import { unicodeProperty } from "../regex/unicode-property.ts";

const NO = 1;
const YES = 2;

let known: Uint8Array | undefined;
let expression: RegExp | undefined;

/** `[\p{P}\p{S}]`: asked of the regular expression once a code point. */
export function isSymbol(codePoint: number): boolean {
  known ??= new Uint8Array(0x110000);
  const answer = known[codePoint] as number;
  if (answer !== 0) return answer === YES;
  expression ??= new RegExp(`[${unicodeProperty("P")}${unicodeProperty("S")}]`, "v");
  const found = expression.test(String.fromCodePoint(codePoint));
  known[codePoint] = found ? YES : NO;
  return found;
}
