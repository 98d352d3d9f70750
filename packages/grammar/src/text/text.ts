import { allScalars, complementRanges, intersectRanges, normalRanges, type ScalarRange } from "./ranges.ts";

/**
 * A regular language of Unicode texts, as a value: what a string may be, before anyone asks how it is spelled.
 *
 * Everything that is said of one string (pattern, length, format, constants, and their negations) is put together here, over scalar values, and only
 * the result is written as bytes (`write.ts`), plain or inside a JSON string. That is exact: each character has a spelling, or several, that no
 * other text shares and that can be cut out of a spelled text in one way only, so that spelling goes through sequence, choice, `both` and `not`
 * unchanged. `not` means: not among all texts.
 */
export type Text = { readonly nullable: boolean } & (
  | { readonly kind: "nothing" }
  | { readonly kind: "empty" }
  | { readonly kind: "scalar"; readonly ranges: readonly ScalarRange[] }
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "sequence"; readonly parts: readonly Text[] }
  | { readonly kind: "choice"; readonly parts: readonly Text[] }
  | { readonly kind: "repeat"; readonly part: Text; readonly min: number; readonly max: number | undefined }
  | { readonly kind: "both"; readonly parts: readonly Text[] }
  | { readonly kind: "not"; readonly part: Text }
);

/** No text at all. */
export const nothing: Text = { kind: "nothing", nullable: false };
/** The text without characters. */
export const empty: Text = { kind: "empty", nullable: true };
/** Any one character. */
export const anyScalar: Text = { kind: "scalar", ranges: allScalars, nullable: false };
/** Every text. */
export const allText: Text = { kind: "repeat", part: anyScalar, min: 0, max: undefined, nullable: true };

/** The text of no characters is in the language. */
export const isNullable = (text: Text): boolean => text.nullable;

/** One character of a set; surrogates in it count for nothing. */
export const scalars = (ranges: readonly ScalarRange[]): Text => {
  const normal = normalRanges(ranges);
  if (normal.length === 0) return nothing;
  return normal.length === 2 && normal[0]?.[0] === 0 && complementRanges(normal).length === 0
    ? anyScalar
    : { kind: "scalar", ranges: normal, nullable: false };
};

/** One text. With a lone surrogate it is none: such a string has no UTF-8. */
export const literal = (value: string): Text => {
  if (value === "") return empty;
  return value.isWellFormed() ? { kind: "literal", value, nullable: false } : nothing;
};

export const sequence = (...parts: readonly Text[]): Text => sequenceOf(parts);

/** As `sequence`, of a list of any length. */
export const sequenceOf = (parts: readonly Text[]): Text => {
  const flat: Text[] = [];
  for (const part of parts) {
    if (part === nothing) return nothing;
    if (part.kind === "sequence") for (const inner of part.parts) flat.push(inner);
    else if (part !== empty && !(part === allText && flat.at(-1) === allText)) flat.push(part);
  }
  const parted = firstFound(flat);
  const [only, second] = parted;
  if (only === undefined) return empty;
  if (second === undefined) return only;
  return { kind: "sequence", parts: parted, nullable: parted.every(isNullable) };
};

/**
 * “Somewhere an a, then anything” says the same of the first a: `.*a` before what any text may precede becomes `[^a]*a`. So there is one way to read a text
 * where there were many, and a condition that is met once stays met.
 */
const firstFound = (parts: readonly Text[]): readonly Text[] => {
  if (parts.at(-1) !== allText) return parts;
  const result = [...parts];
  for (let i = parts.length - 3, isFree = true; i >= 0 && isFree; i -= 2) {
    const [many, one] = [result[i], result[i + 1]];
    if (one?.kind !== "scalar" || many?.kind !== "repeat" || many.min > 0 || many.max !== undefined || many.part.kind !== "scalar") break;
    const others = intersectRanges(many.part.ranges, complementRanges(one.ranges));
    isFree = complementRanges(normalRanges([...others, ...one.ranges])).length === 0; // any text may stand before this again
    result[i] = repeat(scalars(others));
  }
  return result;
};

export const choice = (...parts: readonly Text[]): Text => choiceOf(parts);

/** As `choice`, of a list of any length. */
export const choiceOf = (parts: readonly Text[]): Text => {
  const flat = new Set<Text>();
  let ranges: ScalarRange[] | undefined;
  const add = (part: Text): void => {
    if (part.kind === "choice") for (const inner of part.parts) add(inner);
    else if (part.kind === "scalar") {
      ranges ??= [];
      for (const range of part.ranges) ranges.push(range);
    } else if (part !== nothing) flat.add(part);
  };
  for (const part of parts) add(part);
  if (flat.has(allText)) return allText;
  if (ranges !== undefined) flat.add(scalars(ranges));
  const [only, second] = flat;
  if (only === undefined) return nothing;
  if (second === undefined) return only;
  if (only === empty && flat.size === 2) return optional(second);
  return { kind: "choice", parts: [...flat], nullable: [...flat].some(isNullable) };
};

/** @param max absent: without end */
export const repeat = (part: Text, min = 0, max?: number): Text => {
  if (max !== undefined && max < min) return nothing;
  if (max === 0 || part === empty) return empty;
  if (part === nothing) return min === 0 ? empty : nothing;
  if (min === 1 && max === 1) return part;
  if (part === anyScalar && min === 0 && max === undefined) return allText;
  if (part.kind === "repeat" && isWithoutGaps(part.min, part.max, min, max)) {
    const most = max === undefined || part.max === undefined ? undefined : part.max * max;
    return repeat(part.part, part.min * min, most);
  }
  return { kind: "repeat", part, min, max, nullable: min === 0 || part.nullable };
};

/** (x{a,b}){c,d} is x{ac,bd} where the counts of one round more begin before those of a round less have ended. */
const isWithoutGaps = (innerMin: number, innerMax: number | undefined, min: number, max: number | undefined): boolean => {
  if (innerMin > 1 && min === 0) return false; // none, or some, but not one
  const rounds = Math.max(min, 1);
  if (max !== undefined && max <= rounds && min === rounds) return true;
  return innerMax === undefined || (rounds + 1) * innerMin <= rounds * innerMax + 1;
};

export const optional = (part: Text): Text => (part.nullable ? part : repeat(part, 0, 1));

/** What all of them have. */
export const both = (...parts: readonly Text[]): Text => {
  const flat = new Set<Text>();
  let ranges: readonly ScalarRange[] | undefined;
  const add = (part: Text): void => {
    if (part.kind === "both") for (const inner of part.parts) add(inner);
    else if (part.kind === "scalar") ranges = ranges === undefined ? part.ranges : intersectRanges(ranges, part.ranges);
    else if (part !== allText) flat.add(part);
  };
  for (const part of parts) add(part);
  if (flat.has(nothing)) return nothing;
  if (flat.has(empty)) return ranges === undefined && [...flat].every(isNullable) ? empty : nothing;
  if (ranges !== undefined) flat.add(scalars(ranges));
  if (flat.has(nothing)) return nothing;
  const [only, second] = flat;
  if (only === undefined) return allText;
  if (second === undefined) return only;
  return { kind: "both", parts: [...flat], nullable: [...flat].every(isNullable) };
};

/** Every text that it does not have. */
export const not = (part: Text): Text => {
  if (part.kind === "not") return part.part;
  if (part === nothing) return allText;
  if (part === allText) return nothing;
  return { kind: "not", part, nullable: !part.nullable };
};

export const without = (a: Text, b: Text): Text => both(a, not(b));

/** Texts of `min` to `max` characters, counted in code points as JSON Schema does. */
export const length = (min: number, max?: number): Text => repeat(anyScalar, min, max);
