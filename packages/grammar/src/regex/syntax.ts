import type { ScalarRange } from "../text/ranges.ts";

/** A regular expression as it was written: what `parse.ts` reads and `language.ts` gives a meaning. */
export type Regex = { readonly asserts: boolean } & (
  | { readonly kind: "set"; readonly ranges: readonly ScalarRange[] }
  | { readonly kind: "sequence"; readonly parts: readonly Regex[] }
  | { readonly kind: "choice"; readonly parts: readonly Regex[] }
  | { readonly kind: "repeat"; readonly part: Regex; readonly min: number; readonly max: number | undefined; readonly position: number }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "boundary"; readonly negated: boolean }
  | { readonly kind: "ahead"; readonly part: Regex; readonly negated: boolean }
);

/** `asserts`: something inside looks at its surroundings (^, $, \b, look-ahead), so that it is no language by itself. */
export const set = (ranges: readonly ScalarRange[]): Regex => ({ kind: "set", ranges, asserts: false });
export const sequence = (parts: readonly Regex[]): Regex => {
  const [only, second] = parts;
  return only !== undefined && second === undefined ? only : { kind: "sequence", parts, asserts: parts.some((part) => part.asserts) };
};
export const choice = (parts: readonly Regex[]): Regex => {
  const [only, second] = parts;
  return only !== undefined && second === undefined ? only : { kind: "choice", parts, asserts: parts.some((part) => part.asserts) };
};
export const repeat = (part: Regex, min: number, max: number | undefined, position: number): Regex => ({
  kind: "repeat",
  part,
  min,
  max,
  position,
  asserts: part.asserts,
});
export const start: Regex = { kind: "start", asserts: true };
export const end: Regex = { kind: "end", asserts: true };
export const boundary = (negated: boolean): Regex => ({ kind: "boundary", negated, asserts: true });
export const ahead = (part: Regex, negated: boolean): Regex => ({ kind: "ahead", part, negated, asserts: true });
