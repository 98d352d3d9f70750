import type { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";

/**
 * Whole numbers from `from` to `to` (both belong) as JSON writes them, without sign and without leading zeros.
 * @param most digits that may be written at most, where there is no upper end or a longer one
 */
export const wholeNumbers = (expressions: Expressions, from: bigint, to: bigint | undefined, most: number): Node => {
  const largest = 10n ** BigInt(most) - 1n;
  const last = to === undefined || to > largest ? largest : to;
  if (from > last) return expressions.nothing;
  const parts: Node[] = [];
  let next = from < 0n ? 0n : from;
  if (next === 0n) {
    parts.push(expressions.text("0"));
    next = 1n;
  }
  while (next <= last) {
    const digits = next.toString().length;
    const power = 10n ** BigInt(digits - 1);
    if (next === power) {
      // as many full lengths as there are, said at once
      const full = (last + 1n).toString().length - 1;
      if (full >= digits) {
        parts.push(expressions.sequence(digit(expressions, 1, 9), expressions.repeat(digit(expressions, 0, 9), digits - 1, full - 1)));
        next = 10n ** BigInt(full);
        continue;
      }
    }
    const longest = power * 10n - 1n;
    const until = last < longest ? last : longest;
    parts.push(sameLength(expressions, next.toString(), until.toString()));
    next = until + 1n;
  }
  return expressions.choice(...parts);
};

/** Digits from `low` to `high`, two texts of the same length: alike as far as they are, then between. */
const sameLength = (expressions: Expressions, low: string, high: string): Node => {
  let shared = 0;
  while (shared < low.length && low[shared] === high[shared]) shared++;
  const head = expressions.text(low.slice(0, shared));
  if (shared === low.length) return head;
  const [first, last] = [Number(low[shared]), Number(high[shared])];
  const rest = low.length - shared - 1;
  const between =
    first + 1 <= last - 1 ? expressions.sequence(digit(expressions, first + 1, last - 1), digits(expressions, rest, rest)) : expressions.nothing;
  return expressions.sequence(
    head,
    expressions.choice(
      expressions.sequence(digit(expressions, first, first), atLeast(expressions, low.slice(shared + 1))),
      between,
      expressions.sequence(digit(expressions, last, last), atMost(expressions, high.slice(shared + 1))),
    ),
  );
};

/** As many digits as `low` has, and no less than it. */
const atLeast = (expressions: Expressions, low: string): Node => {
  let node = expressions.empty;
  for (let i = low.length - 1; i >= 0; i--) {
    const own = Number(low[i]);
    const rest = low.length - i - 1;
    node = expressions.choice(
      expressions.sequence(digit(expressions, own, own), node),
      expressions.sequence(digit(expressions, own + 1, 9), digits(expressions, rest, rest)),
    );
  }
  return node;
};

/** As many digits as `high` has, and no more than it. */
const atMost = (expressions: Expressions, high: string): Node => {
  let node = expressions.empty;
  for (let i = high.length - 1; i >= 0; i--) {
    const own = Number(high[i]);
    const rest = high.length - i - 1;
    node = expressions.choice(
      expressions.sequence(digit(expressions, own, own), node),
      expressions.sequence(digit(expressions, 0, own - 1), digits(expressions, rest, rest)),
    );
  }
  return node;
};

/** One digit of a range, none where the range is empty. */
export const digit = (expressions: Expressions, from: number, to: number): Node => expressions.bytes([{ from: 0x30 + from, to: 0x30 + to }]);

export const digits = (expressions: Expressions, min: number, max: number): Node => expressions.repeat(digit(expressions, 0, 9), min, max);
