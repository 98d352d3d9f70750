import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { belongs, build, letters, trees } from "./random-expressions.ts";

const encoder = new TextEncoder();
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 }).map((text) => encoder.encode(text)),
  fc.uint8Array({ maxLength: 3 }),
);

describe("expressions", () => {
  it("matches as the definition says", () => {
    fc.assert(
      fc.property(trees(), fc.array(texts, { minLength: 1, maxLength: 8 }), (tree, texts) => {
        const expressions = new Expressions();
        const node = expressions.closed(build(expressions, tree));
        for (const text of texts) expect(expressions.matches(node, text)).toBe(belongs(tree, text));
      }),
      { numRuns: 3000 },
    );
  });

  it("has a way on from every state, or may end there", () => {
    fc.assert(
      fc.property(trees(), texts, (tree, text) => {
        const expressions = new Expressions();
        let node = expressions.closed(build(expressions, tree));
        for (const byte of text) {
          if (node === expressions.nothing) return;
          const first = expressions.first(node);
          const live = [...Array(256).keys()].filter((b) => (((first[b >>> 5] as number) >>> (b & 31)) & 1) === 1);
          for (let b = 0; b < 256; b++) expect(expressions.derive(node, b) !== expressions.nothing).toBe(live.includes(b));
          expect(live.length > 0 || expressions.nullable(node)).toBe(true);
          node = expressions.derive(node, byte);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("takes Unicode scalar values as UTF-8, without surrogates", () => {
    const expressions = new Expressions();
    fc.assert(
      fc.property(fc.nat(0x10ffff), fc.nat(0x10ffff), fc.array(fc.nat(0x10ffff), { minLength: 1, maxLength: 20 }), (x, y, others) => {
        const [from, to] = x < y ? [x, y] : [y, x];
        const node = expressions.scalars([[from, to]]);
        for (const scalar of [from, to, from - 1, to + 1, 0xd7ff, 0xe000, ...others]) {
          if (scalar < 0 || scalar > 0x10ffff || (scalar >= 0xd800 && scalar <= 0xdfff)) continue;
          expect(expressions.matches(node, String.fromCodePoint(scalar))).toBe(scalar >= from && scalar <= to);
        }
      }),
    );
    const all = expressions.scalars([[0, 0x10ffff]]);
    const surrogate = Uint8Array.of(0xed, 0xa0, 0x80);
    expect(expressions.matches(all, surrogate)).toBe(false);
    expect(expressions.matches(all, Uint8Array.of(0xf4, 0x90, 0x80, 0x80))).toBe(false);
  });

  it("counts instead of unrolling", () => {
    const expressions = new Expressions();
    const node = expressions.repeat(expressions.scalars([[0x61, 0x7a]]), 5_000, 1_000_000);
    expect(expressions.nodes.count).toBeLessThan(20);
    expect(expressions.matches(node, "x".repeat(4_999))).toBe(false);
    expect(expressions.matches(node, "x".repeat(5_000))).toBe(true);
  });

  it("knows that rules which never end have no text", () => {
    const expressions = new Expressions();
    const endless = expressions.rule("endless", () => expressions.sequence(expressions.text("a"), endless));
    const uses = expressions.rule("uses", () => expressions.choice(expressions.text("b"), expressions.sequence(expressions.text("c"), endless)));
    expect(expressions.isEmpty(endless)).toBe(true);
    expect(expressions.isEmpty(uses)).toBe(false);
    const closed = expressions.closed(uses);
    expect([...expressions.first(closed)]).toEqual([...expressions.first(expressions.text("b"))]);
  });

  it("refuses a rule that begins with itself", () => {
    const expressions = new Expressions();
    const rule = expressions.rule("r", () => expressions.choice(expressions.sequence(rule, expressions.text("a")), expressions.text("b")));
    expect(() => expressions.derive(rule, 0x62)).toThrow(/Rule r can begin with itself/);
    expect(() => expressions.nullable(rule)).toThrow(/begin with itself/);
    expect(() => expressions.first(rule)).toThrow(/begin with itself/);
    expect(() => expressions.closed(rule)).toThrow(expect.objectContaining({ code: "left-recursion", data: { rule: "r" } }));
  });

  it("keeps labels to the front", () => {
    const expressions = new Expressions();
    const part = expressions.at(
      { pointer: "/a" },
      expressions.sequence(expressions.text("xy"), expressions.at({ pointer: "/b" }, expressions.text("z"))),
    );
    const node = expressions.sequence(part, expressions.at({ pointer: "/c" }, expressions.text("!")));
    expect(expressions.sources(expressions.derive(node, 0x78))).toEqual([{ pointer: "/a" }]);
    expect(expressions.sources(expressions.deriveAll(node, encoder.encode("xy")))).toEqual([{ pointer: "/a" }, { pointer: "/b" }]);
    expect(expressions.sources(expressions.deriveAll(node, encoder.encode("xyz")))).toEqual([{ pointer: "/c" }]);
  });

  it("has special tokens beside bytes", () => {
    const expressions = new Expressions();
    const node = expressions.sequence(expressions.optional(expressions.text("a")), expressions.token(7), expressions.text("b"));
    expect(expressions.firstTokens(node)).toEqual([7]);
    const left = expressions.deriveToken(node, 7);
    expect(expressions.deriveToken(node, 8)).toBe(expressions.nothing);
    expect(expressions.matches(left, "b")).toBe(true);
  });
});
