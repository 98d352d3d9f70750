import { choice, empty, nothing, repeat, sequence, type Text } from "../text/text.ts";
import type { Regex } from "./syntax.ts";

/**
 * An expression that asserts nothing but ^ and $, as four languages without them: the texts that it takes anywhere, those that it takes at the start of
 * the text only, at the end only, and as the whole text only.
 */
export interface AnchoredParts {
  readonly free: Text;
  readonly start: Text;
  readonly end: Text;
  readonly whole: Text;
}

const none: AnchoredParts = { free: nothing, start: nothing, end: nothing, whole: nothing };

/** Repeated copies are written out this often at most. */
const mostCopies = 100;

/** Undefined: something else is asserted inside, or too many copies would be needed. */
export const anchoredParts = (regex: Regex, plain: (regex: Regex) => Text): AnchoredParts | undefined => {
  if (!regex.asserts) return { ...none, free: plain(regex) };
  switch (regex.kind) {
    case "start":
      return { ...none, start: empty };
    case "end":
      return { ...none, end: empty };
    case "choice":
      return allOf(regex.parts, plain)?.reduce(eitherOf, none);
    case "sequence":
      return allOf(regex.parts, plain)?.reduce(oneAfter, { ...none, free: empty });
    case "repeat": {
      const part = anchoredParts(regex.part, plain);
      return part === undefined ? undefined : repeated(part, regex.min, regex.max);
    }
    default:
      return undefined;
  }
};

const allOf = (parts: readonly Regex[], plain: (regex: Regex) => Text): AnchoredParts[] | undefined => {
  const found = parts.map((part) => anchoredParts(part, plain));
  return found.every((part) => part !== undefined) ? found : undefined;
};

const eitherOf = (a: AnchoredParts, b: AnchoredParts): AnchoredParts => ({
  free: choice(a.free, b.free),
  start: choice(a.start, b.start),
  end: choice(a.end, b.end),
  whole: choice(a.whole, b.whole),
});

const places = ["free", "start", "end", "whole"] as const;
const placeAt = (atStart: boolean, toEnd: boolean): keyof AnchoredParts => (atStart ? (toEnd ? "whole" : "start") : toEnd ? "end" : "free");

/** Before what stands at the start there is nothing, and nothing after what stands at the end. */
const oneAfter = (a: AnchoredParts, b: AnchoredParts): AnchoredParts => {
  const result: Record<keyof AnchoredParts, Text> = { ...none };
  for (const first of places)
    for (const second of places) {
      const ends = first === "end" || first === "whole";
      const starts = second === "start" || second === "whole";
      const place = placeAt(starts || first === "start" || first === "whole", ends || second === "end" || second === "whole");
      const text = sequence(starts ? noneOf(a[first]) : a[first], ends ? noneOf(b[second]) : b[second]);
      result[place] = choice(result[place], text);
    }
  return result;
};

const noneOf = (text: Text): Text => (text.nullable ? empty : nothing);

const repeated = (part: AnchoredParts, min: number, max: number | undefined): AnchoredParts | undefined => {
  if (Math.max(min, max ?? 0) > mostCopies) return undefined;
  const many = max === undefined ? unbounded(part) : undefined;
  let result: AnchoredParts = many ?? { ...none, free: empty };
  for (let i = min; i < (max ?? min); i++) result = eitherOf({ ...none, free: empty }, oneAfter(part, result));
  for (let i = 0; i < min; i++) result = oneAfter(part, result);
  return result;
};

/** Of all the copies only the first can stand at the start, and only the last at the end. */
const unbounded = (part: AnchoredParts): AnchoredParts => {
  const free = repeat(part.free);
  return {
    free,
    start: sequence(part.start, free),
    end: sequence(free, part.end),
    whole: choice(part.whole, sequence(part.start, free, part.end)),
  };
};
