import { isCutawayError } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expressions, type Node } from "../src/expressions/index.ts";
import { type NumberSet, numberMatches, writeNumber } from "../src/numbers/index.ts";

/** Numbers as schemas and answers have them: small and large, with few decimals or many, with an exponent now and then. */
const numbers = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -2_000_000, max: 2_000_000 }),
  fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.constantFrom(10, 100, 1000)).map(([units, by]) => units / by),
  fc.constantFrom(0, -0.5, 0.05, 1e21, 1.5e-7, -1e-9, 123456789012, 1e15, 99.99, -1e300, 5e-324, Number.MAX_VALUE, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const steps = fc.constantFrom(1, 2, 3, 5, 10, 12, 0.5, 0.01, 0.25, 1.5, 0.3, 60, 1000, 7, 1e-8, 86400);

const sets = fc.record(
  {
    integer: fc.boolean(),
    minimum: numbers,
    exclusiveMinimum: numbers,
    maximum: numbers,
    exclusiveMaximum: numbers,
    multipleOf: fc.array(steps, { maxLength: 2 }),
    notMultipleOf: fc.array(steps, { maxLength: 1 }),
    not: fc.array(numbers, { maxLength: 2 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<NumberSet>;

/** With arithmetic of fractions of BigInt, apart from the product's own: a/10^b of each number's text. */
const fractionOf = (value: number): [bigint, bigint] => {
  const [mantissa = "", exponent = "0"] = value.toString().split("e");
  const [whole = "", digits = ""] = mantissa.split(".");
  const tens = Number(exponent) - digits.length;
  return [BigInt(whole + digits) * 10n ** BigInt(Math.max(tens, 0)), 10n ** BigInt(Math.max(-tens, 0))];
};
const compare = (a: number, b: number): bigint => fractionOf(a)[0] * fractionOf(b)[1] - fractionOf(b)[0] * fractionOf(a)[1];
const divides = (step: number, value: number): boolean =>
  (fractionOf(value)[0] * fractionOf(step)[1]) % (fractionOf(step)[0] * fractionOf(value)[1]) === 0n;
const expected = (set: NumberSet, value: number): boolean =>
  (set.minimum === undefined || compare(value, set.minimum) >= 0n) &&
  (set.exclusiveMinimum === undefined || compare(value, set.exclusiveMinimum) > 0n) &&
  (set.maximum === undefined || compare(value, set.maximum) <= 0n) &&
  (set.exclusiveMaximum === undefined || compare(value, set.exclusiveMaximum) < 0n) &&
  (set.integer === undefined || divides(1, value) === set.integer) &&
  (set.multipleOf ?? []).every((step) => divides(step, value)) &&
  !(set.notMultipleOf ?? []).some((step) => divides(step, value)) &&
  !(set.not ?? []).some((single) => compare(value, single) === 0n);

/** Whether the writer says that it leaves the number's text out: whole or a multiple, and written with an exponent. */
const mayBeLeftOut = (set: NumberSet, text: string): boolean =>
  text.includes("e") && ((set.multipleOf ?? []).length > 0 || (set.notMultipleOf ?? []).length > 0 || set.integer !== undefined);

/** Undefined where the steps together are too many to follow. */
const written = (expressions: Expressions, set: NumberSet): Node | undefined => {
  try {
    return writeNumber(expressions, set);
  } catch (error) {
    if (isCutawayError(error) && error.code === "number-too-large") return undefined;
    throw error;
  }
};

describe("numbers of a set, as JSON text", () => {
  test("are those that arithmetic says, near the bounds and anywhere", () => {
    let inside = 0;
    fc.assert(
      fc.property(sets, fc.array(numbers, { minLength: 5, maxLength: 10 }), (set, values) => {
        const expressions = new Expressions();
        const node = written(expressions, set);
        const bounds = [set.minimum, set.exclusiveMinimum, set.maximum, set.exclusiveMaximum, ...(set.not ?? [])].filter(
          (bound) => bound !== undefined,
        );
        const near = bounds.flatMap((bound) => [bound, bound + 1, bound - 1, bound + 0.001, bound - 0.001, -bound, bound * 10, Math.round(bound)]);
        for (const value of [...values, ...near, 0, 60, -120, 0.3]) {
          if (!Number.isFinite(value)) continue;
          const text = JSON.stringify(value);
          const matches = expected(set, value);
          if (matches) inside++;
          expect([text, numberMatches(set, value)]).toEqual([text, matches]);
          if (node === undefined || (matches && mayBeLeftOut(set, text))) continue;
          expect([text, expressions.matches(node, text)]).toEqual([text, matches]);
        }
      }),
      { numRuns: 1000 },
    );
    expect(inside).toBeGreaterThan(500);
  });

  test("with many remainders to keep apart, whole numbers are followed as far as programs write them plainly", () => {
    const expressions = new Expressions();
    const node = writeNumber(expressions, { minimum: 2 ** 53, notMultipleOf: [86400] });
    expect(expressions.matches(node, "90071992547409920")).toBe(true);
    expect(expressions.matches(node, "8640000000000000000")).toBe(false);
    expect(expressions.matches(node, JSON.stringify(999999999999999900000))).toBe(true);
  });

  test("whatever is written from it is in the set, and there is something where arithmetic has something", () => {
    fc.assert(
      fc.property(sets, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (set, draws) => {
        const expressions = new Expressions();
        const whole = written(expressions, set);
        if (whole === undefined || whole === expressions.nothing) return;
        let node: Node = whole;
        let text = "";
        for (const draw of draws) {
          const open = Array.from("0123456789-+.eE").filter((letter) => expressions.derive(node, letter.charCodeAt(0)) !== expressions.nothing);
          if (expressions.nullable(node) && (open.length === 0 || draw % 4 === 0)) break;
          const letter = open[draw % open.length] ?? "";
          expect(letter).not.toBe("");
          node = expressions.derive(node, letter.charCodeAt(0));
          text += letter;
        }
        if (!expressions.nullable(node)) return;
        const value: unknown = JSON.parse(text);
        expect(value).toBeTypeOf("number");
        // A double holds 15 digits of what is written; with more, arithmetic would judge another number.
        if (Math.abs(value as number) > 1e-300 && text.replace(/e.*/i, "").replace(/\D/g, "").length <= 15 && value !== 0)
          expect([text, expected(set, value as number)]).toEqual([text, true]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[NumberSet, string[], string[]]>([
    [{ integer: true }, ["0", "-1", "12345678901234567890", "1e+21", "1.5e30", "-0"], ["1.5", "01", "1e-7", "", "-", "+1", "1.0"]],
    [{}, ["0", "-0.0", "1e5", "1E-05", "12.50", "1.7976931348623157e308", "0e0", "123e45"], ["1.", ".5", "00", "1e", "1.8e308", "1e309", "--1"]],
    [{ minimum: 0 }, ["0", "0.0", "0.0001", "1e-7", "1e+21"], ["-0", "-1", "-0.1"]],
    [{ exclusiveMinimum: 0 }, ["0.001", "1", "5e-324", "10"], ["0", "0.0", "0.000", "-1"]],
    [{ minimum: -3, maximum: 12, integer: true }, ["-3", "0", "9", "10", "12", "-0"], ["-4", "13", "99", "100", "3.5"]],
    [{ exclusiveMinimum: 0.5, exclusiveMaximum: 0.51 }, ["0.501", "0.5001", "0.509999", "5.05e-1"], ["0.5", "0.500", "0.51", "0.52", "0.510"]],
    [{ multipleOf: [0.01] }, ["1.25", "1.2", "3", "1.250", "-0.01"], ["1.255", "0.001", "1e-3"]],
    [{ multipleOf: [2.5], minimum: 3 }, ["5", "7.5", "7.50", "10"], ["2.5", "6", "7.51"]],
    [{ integer: true, multipleOf: [86400] }, ["0", "86400", "172800", "-86400"], ["86401", "43200", "864"]],
    [{ integer: false }, ["0.5", "-1.25", "1e-7"], ["1", "1.0", "1.00", "1e21"]],
    [{ not: [3, -0.5, 0] }, ["1", "0.5", "33", "3.01"], ["3", "3.0", "-0.5", "-0.50", "0", "0.0", "-0", "3e0"]],
  ])("%j", (set, yes, no) => {
    const expressions = new Expressions();
    const node = writeNumber(expressions, set);
    expect(yes.filter((text) => !expressions.matches(node, text))).toEqual([]);
    expect(no.filter((text) => expressions.matches(node, text))).toEqual([]);
  });

  test.each<NumberSet>([
    { minimum: 2, maximum: 1 },
    { exclusiveMinimum: 1, maximum: 1 },
    { integer: true, exclusiveMinimum: 1, exclusiveMaximum: 2 },
    { integer: true, minimum: 0.2, maximum: 0.8 },
    { multipleOf: [5], minimum: 6, maximum: 9 },
    { multipleOf: [4, 6], minimum: 1, maximum: 11 },
    { multipleOf: [0.5], integer: false, minimum: 1, maximum: 1.4 },
    { minimum: 3, maximum: 3, not: [3] },
  ])("%j has no number", (set) => {
    const expressions = new Expressions();
    expect(writeNumber(expressions, set)).toBe(expressions.nothing);
  });

  test("digits stop at the caps", () => {
    const expressions = new Expressions();
    const node = writeNumber(expressions, {}, { integerDigits: 3, fractionDigits: 2 });
    expect(["999", "1.25"].every((text) => expressions.matches(node, text))).toBe(true);
    expect(["1000", "1.255"].some((text) => expressions.matches(node, text))).toBe(false);
  });

  test("a step with a large prime is refused, and says which keyword", () => {
    expect(() => writeNumber(new Expressions(), { multipleOf: [1_000_003] })).toThrow(
      expect.objectContaining({ code: "number-too-large", data: { keyword: "multipleOf", multipleOf: "1000003" } }),
    );
  });
});
