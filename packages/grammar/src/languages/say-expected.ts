import type { LanguagePlace } from "@cutaway/core";
import { type Expected, sayBytes } from "../matcher/expected.ts";

/** What may come at a place, for a person: `“0” to “9”, “-”`, `“,” or the end`. */
export function sayExpected({ bytes, tokens, mayEnd }: Expected): string {
  if (isAny(bytes)) return mayEnd ? "anything, or the end" : "anything";
  const said = [
    ...(bytes.length > 0 ? [sayBytes(bytes).replace(/byte 0x(0a|09|0d)/g, (_, byte: string) => whiteSpace[byte] ?? byte)] : []),
    ...(tokens.length > 0 ? [`the special token ${tokens.join(", ")}`] : []),
    ...(mayEnd ? ["the end"] : []),
  ];
  return said.length > 0 ? said.join(" or ") : "nothing";
}

const whiteSpace: Record<string, string> = { "0a": "a line break", "09": "a tab", "0d": "a carriage return" };

/** All bytes of text, or nearly all: what a free text or the inside of a string takes. */
const isAny = (bytes: Expected["bytes"]): boolean => bytes.reduce((sum, [from, to]) => sum + to - from + 1, 0) > 120;

/** What asks for it, without what is said twice. */
export function placesOf(sources: readonly LanguagePlace[]): LanguagePlace[] {
  const seen = new Map<string, LanguagePlace>();
  for (const { pointer, keyword, line, rule } of sources) {
    const place = {
      ...(pointer !== undefined && { pointer }),
      ...(keyword !== undefined && { keyword }),
      ...(line !== undefined && { line }),
      ...(rule !== undefined && { rule }),
    };
    seen.set(JSON.stringify(place), place);
  }
  return [...seen.values()];
}
