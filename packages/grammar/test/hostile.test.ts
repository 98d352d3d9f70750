import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Expressions, type Node } from "../src/expressions/index.ts";
import { createGrammar } from "../src/matcher/grammar.ts";
import { idsOf, withAllBytes } from "./small-vocabulary.ts";

const tooLarge = expect.objectContaining({ code: "grammar-too-large" });

describe("what is too large", () => {
  it("ends at the limit of expressions", () => {
    const expressions = new Expressions({ nodes: 20_000 });
    expect(() => {
      for (let i = 0; ; i++) expressions.text(`word ${i}`);
    }).toThrow(tooLarge);
  });

  it("ends at the limit of memory", () => {
    const expressions = new Expressions({ bytes: 2 ** 20 });
    expect(() => {
      for (let i = 0; ; i++) expressions.text(`word ${i}`);
    }).toThrow(tooLarge);
  });

  it("ends at the limit of time while compiling, and only then", () => {
    const expressions = new Expressions({ milliseconds: 0 });
    expect(() => expressions.text("x".repeat(5_000))).toThrow(tooLarge);
    const closed = new Expressions({ milliseconds: 1e9 });
    closed.closed(closed.text("a"));
    Object.assign(closed.limits, { milliseconds: 0 });
    expect(() => closed.text("x".repeat(5_000))).not.toThrow();
  });

  it("ends where two conditions need too many states to be told apart", () => {
    // The 14th letter from the end is an a, and is not: no text, and 2¹⁴ states to know it.
    const expressions = new Expressions({ searchStates: 1_000 });
    const letter = expressions.bytes([0x61, 0x62]);
    const rest = expressions.repeat(letter, 13, 13);
    const any = expressions.repeat(letter);
    const isA = expressions.sequence(any, expressions.text("a"), rest);
    const isB = expressions.sequence(any, expressions.text("b"), rest);
    expect(() => expressions.both(isA, isB)).toThrow(tooLarge);
    expect(() => expressions.both(isA, isB)).toThrow("conditions that hold at once");
  });

  it("ends where parts stand in each other too deeply", () => {
    const expressions = new Expressions();
    let deep: Node = expressions.text("x");
    for (let i = 0; i < 100_000; i++) {
      const inner = deep;
      deep = expressions.rule(`deep ${i}`, () => expressions.choice(inner, expressions.text("y")));
    }
    expect(() => expressions.matches(expressions.closed(deep), "x")).toThrow(tooLarge);
  });

  it("ends while matching too", () => {
    const expressions = new Expressions({ nodes: 3_000 });
    const letter = expressions.bytes([0x61, 0x62]);
    // Which of the last 30 letters were an a has to be remembered: 2³⁰ states.
    const root = expressions.closed(expressions.sequence(expressions.repeat(letter), expressions.text("a"), expressions.repeat(letter, 30, 30)));
    const random = seededRandom(1);
    const bytes = Uint8Array.from({ length: 10_000 }, () => (random() < 0.5 ? 0x61 : 0x62));
    expect(() => expressions.deriveAll(root, bytes)).toThrow(tooLarge);
  });
});

describe("what looks large", () => {
  it("is small where it counts: repeats of repeats of millions", () => {
    const expressions = new Expressions({ nodes: 2_000, searchStates: 2_000 });
    const word = expressions.repeat(expressions.bytes([{ from: 0x61, to: 0x7a }]), 1, 1_000_000);
    const line = expressions.sequence(word, expressions.repeat(expressions.sequence(expressions.text(" "), word), 0, 1_000_000));
    const root = expressions.closed(expressions.repeat(expressions.sequence(line, expressions.text("\n")), 3, 1_000_000));
    expect(expressions.matches(root, "ab c\nd\ne f g\n")).toBe(true);
    expect(expressions.matches(root, "ab c\nd\n")).toBe(false);
  });

  it("is linear where a backtracking matcher is not: (a*)*b, (a|a)*b, (a|aa)+$", () => {
    const expressions = new Expressions({ nodes: 5_000 });
    const a = expressions.text("a");
    const b = expressions.text("b");
    const catastrophic = [
      expressions.sequence(expressions.repeat(expressions.repeat(a)), b),
      expressions.sequence(expressions.repeat(expressions.choice(a, expressions.sequence(a, expressions.empty))), b),
      expressions.sequence(expressions.repeat(expressions.choice(a, expressions.text("aa")), 1), b),
      expressions.sequence(expressions.repeat(expressions.sequence(expressions.repeat(a), expressions.repeat(a)), 1, 50), b),
    ];
    const text = "a".repeat(50_000);
    for (const node of catastrophic) {
      expect(expressions.matches(node, text)).toBe(false);
      expect(expressions.matches(node, `${text}b`)).toBe(true);
    }
  });

  it("is as deep as it likes, in a text and in a grammar", () => {
    const expressions = new Expressions();
    const nested: Node = expressions.rule("nested", () =>
      expressions.choice(expressions.text("x"), expressions.sequence(expressions.text("["), nested, expressions.text("]"))),
    );
    const root = expressions.closed(nested);
    const depth = 20_000;
    expect(expressions.matches(root, `${"[".repeat(depth)}x${"]".repeat(depth)}`)).toBe(true);
    expect(expressions.matches(root, `${"[".repeat(depth)}x${"]".repeat(depth - 1)}`)).toBe(false);
    const long = expressions.sequence(
      ...Array.from({ length: 50_000 }, () => expressions.repeat(expressions.text("y"), 0, 1)),
      expressions.text("z"),
    );
    expect(expressions.nullable(long)).toBe(false);
    let chain: Node = expressions.text("end");
    for (let i = 0; i < 3_000; i++) {
      const inner = chain;
      chain = expressions.rule(`chain ${i}`, () => expressions.sequence(expressions.text("a"), inner));
    }
    expect(expressions.matches(expressions.closed(chain), `${"a".repeat(3_000)}end`)).toBe(true);
  });

  it("has masks after a long answer, and states that cost nothing to keep", () => {
    const expressions = new Expressions();
    const list: Node = expressions.rule("list", () =>
      expressions.sequence(
        expressions.text("["),
        expressions.optional(expressions.sequence(item, expressions.repeat(expressions.sequence(expressions.text(","), item)))),
        expressions.text("]"),
      ),
    );
    const item = expressions.choice(expressions.text("1"), list);
    const grammar = createGrammar(withAllBytes("[[", "]]", ",1", "1,"), { expressions, root: expressions.closed(list) });
    let state = grammar.start();
    const kept = [state];
    for (let i = 0; i < 5_000; i++) {
      state = state.accept(i % 3 === 0 ? 256 : 259);
      kept.push(state);
      if (i % 3 === 1) state = state.accept(0x31).accept(0x2c);
    }
    expect(idsOf(state.mask())).toContain(256);
    expect(idsOf((kept[0] as typeof state).mask())).toEqual([0x5b, 256]);
    expect(state.explain(0x61).dead?.index).toBe(0);
  });
});

describe("whatever is asked for", () => {
  it("ends in an expression or in one of the package's errors", () => {
    const operation = fc.oneof(
      fc.record({ is: fc.constant("text" as const), text: fc.string({ maxLength: 3 }) }),
      fc.record({ is: fc.constantFrom("sequence" as const, "choice" as const, "both" as const), x: fc.nat(), y: fc.nat() }),
      fc.record({ is: fc.constantFrom("not" as const, "optional" as const, "rule" as const), x: fc.nat() }),
      fc.record({ is: fc.constant("repeat" as const), x: fc.nat(), min: fc.nat(5), more: fc.option(fc.nat(1_000_000), { nil: undefined }) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 25 }), fc.uint8Array({ maxLength: 12 }), (operations, bytes) => {
        const expressions = new Expressions({ nodes: 5_000, searchStates: 300 });
        const made: Node[] = [expressions.anyByte, expressions.text("ab")];
        const pick = (x: number): Node => made[x % made.length] as Node;
        try {
          operations.forEach((operation, i) => {
            switch (operation.is) {
              case "text":
                made.push(expressions.text(operation.text));
                break;
              case "sequence":
              case "choice":
              case "both":
                made.push(expressions[operation.is](pick(operation.x), pick(operation.y)));
                break;
              case "not":
              case "optional":
                made.push(expressions[operation.is](pick(operation.x)));
                break;
              case "rule": {
                // It may begin with itself, and it may be used before it is known.
                const place = made.length;
                made.push(
                  expressions.rule(`r${i}`, () => expressions.sequence(pick(operation.x), made[(place + operation.x) % made.length] as Node)),
                );
                break;
              }
              case "repeat":
                made.push(
                  expressions.repeat(pick(operation.x), operation.min, operation.more === undefined ? undefined : operation.min + operation.more),
                );
            }
          });
          const root = expressions.closed(made.at(-1) as Node);
          if (root === expressions.nothing) return;
          let state = createGrammar(withAllBytes("ab", "a"), { expressions, root }).start();
          for (const byte of bytes) {
            const allowed = state.finished ? [] : idsOf(state.mask());
            if (allowed.length === 0) return;
            state = state.accept(allowed[byte % allowed.length] as number);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(left-recursion|not-regular|grammar-too-large)$/) });
        }
      }),
      { numRuns: 500 },
    );
  });
});
