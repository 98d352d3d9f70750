import type { Tokenizer } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Expressions, type Node } from "../src/expressions/index.ts";
import { checkCanonical } from "../src/matcher/canonical.ts";
import { distortionOf } from "../src/matcher/distortion.ts";
import { fastForward } from "../src/matcher/fast-forward.ts";
import { afterFreeText } from "../src/matcher/free-text.ts";
import { createGrammar } from "../src/matcher/grammar.ts";
import { afterPrefix, healPrompt } from "../src/matcher/heal.ts";
import { vocabularyOf } from "../src/vocabulary/vocabulary.ts";
import { jsonText } from "./json-text.ts";
import { idsOf, vocabularyOfTokens, withAllBytes } from "./small-vocabulary.ts";

const encoder = new TextEncoder();
const digits = (e: Expressions): Node => e.repeat(e.bytes([{ from: 0x30, to: 0x39 }]), 1, 3);

/** {"name":"…","age":…} with labels as a schema's. */
function person(e: Expressions): Node {
  const name = e.sequence(e.text('{"name":"'), e.repeat(e.bytes([{ from: 0x61, to: 0x7a }]), 1, 8), e.text('"'));
  const age = e.sequence(e.text(',"age":'), e.at({ pointer: "/properties/age", keyword: "type" }, digits(e)));
  return e.closed(e.sequence(e.at({ pointer: "/properties/name", keyword: "pattern" }, name), age, e.text("}")));
}

describe("a state", () => {
  it("explains why a token may not come: the first dead byte, what was expected, where that is said, the nearest token", () => {
    const expressions = new Expressions();
    const grammar = createGrammar(withAllBytes('{"name":"', "ab", 'ab"', 'ab","', "abC", "abcdefghij", "12", "12a"), {
      expressions,
      root: person(expressions),
    });
    const inName = grammar.start().accept(256);
    const why = inName.explain(260);
    expect(why).toMatchObject({
      allowed: false,
      dead: { index: 2, byte: 0x43, expected: { sources: [{ pointer: "/properties/name", keyword: "pattern" }], mayEnd: false } },
      parts: [{ from: 0, to: 2, sources: [{ pointer: "/properties/name" }] }],
      nearest: { id: 257 },
    });
    expect(why.dead?.expected.bytes).toEqual([
      [0x22, 0x22],
      [0x61, 0x7a],
    ]);
    expect(why.says).toBe('“C” may not come after 2 bytes; expected “"”, “a” to “z”');
    expect(inName.explain(261).dead?.index).toBe(8);
  });

  it("explains which bytes of an allowed token belong to which part", () => {
    const expressions = new Expressions();
    const grammar = createGrammar(withAllBytes('{"name":"', 'ab","age":12'), { expressions, root: person(expressions) });
    const why = grammar.start().accept(256).explain(257);
    expect(why.allowed).toBe(true);
    expect(why.parts.map(({ from, to, sources }) => [from, to, sources.map(({ pointer }) => pointer)])).toEqual([
      [0, 3, ["/properties/name"]],
      [3, 10, []],
      [10, 12, ["/properties/age"]],
    ]);
  });

  it("says of a refused token what `explain` says", () => {
    const expressions = new Expressions();
    const grammar = createGrammar(withAllBytes(undefined), { expressions, root: expressions.text("ab") }, { ends: [256] });
    expect(() => grammar.start().accept(0x62)).toThrow("Token 98 cannot come here: “b” may not come; expected “a”.");
    expect(() => grammar.start().accept(256)).toThrow("the answer may not end before “a”");
  });

  it("agrees with the mask about every token, and its nearest token may come", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.record({ min: fc.nat(2), max: fc.integer({ min: 2, max: 6 }) }),
        (choices, { min, max }) => {
          const expressions = new Expressions();
          const root = expressions.closed(jsonText(expressions, { min, max, letters: "word" }));
          const grammar = createGrammar(
            withAllBytes('{"', '":', "ab", "abc", '","', "12", "1.5", "true,", undefined),
            { expressions, root },
            { ends: [264] },
          );
          let state = grammar.start();
          for (const choice of choices) {
            const allowed = idsOf(state.mask());
            for (let id = 0; id < 265; id++) {
              const why = state.explain(id);
              expect(why.allowed).toBe(allowed.includes(id));
              expect(state.allows(id)).toBe(why.allowed);
              if (why.dead)
                expect(allowed.some((other) => other !== 264) ? allowed.includes(why.nearest?.id as number) : why.nearest === undefined).toBe(true);
            }
            if (state.finished || state.ended) break;
            state = state.accept(allowed[choice % allowed.length] as number);
            if (state.ended) break;
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("knows what is forced", () => {
    const expressions = new Expressions();
    const grammar = createGrammar(withAllBytes(), { expressions, root: person(expressions) });
    expect(Buffer.from(grammar.start().forcedBytes()).toString()).toBe('{"name":"');
    const inAge = grammar.start().afterBytes(encoder.encode('{"name":"x","age":12'));
    expect(inAge?.forcedBytes()).toEqual(new Uint8Array());
    expect(Buffer.from(inAge?.accept(0x33).forcedBytes() ?? []).toString()).toBe("}");
    expect(inAge?.expected().sources).toEqual([{ pointer: "/properties/age", keyword: "type" }]);
    expect(inAge?.accept(0x33).accept(0x7d).finished).toBe(true);
  });

  it("lets free text come before the grammar, up to the first marker", () => {
    const expressions = new Expressions();
    const { root } = afterFreeText({ expressions, root: expressions.text("x") }, { text: "<end>" });
    expect(expressions.matches(root, "a <en<end>x")).toBe(true);
    expect(expressions.matches(root, "a <end>b<end>x")).toBe(false);
    const byToken = afterFreeText({ expressions, root: expressions.text("x") }, { token: 256 });
    const grammar = createGrammar(withAllBytes(undefined), byToken);
    const after = grammar.start().accept(0x61).accept(0xff).accept(256);
    expect(idsOf(after.mask())).toEqual([0x78]);
  });
});

describe("a prompt", () => {
  it("is healed where a token spans its end", () => {
    const vocabulary = vocabularyOf(vocabularyOfTokens(["http", ":", "://", "http://", " ", "a", undefined]));
    expect(healPrompt(vocabulary, [5, 0, 1])).toEqual({ kept: [5], prefix: encoder.encode("http:") });
    expect(healPrompt(vocabulary, [0, 5])).toEqual({ kept: [0, 5], prefix: new Uint8Array() });
    expect(healPrompt(vocabulary, [0, 6])).toEqual({ kept: [0, 6], prefix: new Uint8Array() });
    const expressions = new Expressions();
    const grammar = createGrammar(
      vocabularyOfTokens(["http", ":", "://", "http://", " ", "a"]),
      afterPrefix({ expressions, root: expressions.anyBytes }, encoder.encode("http:")),
    );
    expect(idsOf(grammar.start().mask())).toEqual([0, 3]);
    expect(idsOf(grammar.start().accept(0).mask())).toEqual([1, 2]);
  });
});

describe("with a real tokenizer", () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer("o200k_base");
  });

  it("goes forward over forced text, but not over what a token may span", () => {
    const expressions = new Expressions();
    const value = expressions.choice(digits(expressions), expressions.text('"x"'));
    const root = expressions.closed(expressions.sequence(expressions.text('{"firstName":'), value, expressions.text("}")));
    const grammar = createGrammar(tokenizer, { expressions, root });
    const { ids, state } = fastForward(grammar.start(), tokenizer);
    expect(tokenizer.decode(ids)).toBe('{"firstName');
    // `":"` is one token, so `":` is left to the model.
    expect(Buffer.from(state.forcedBytes()).toString()).toBe('":');
    expect(checkCanonical(tokenizer, ids)).toEqual({ canonical: true });
  });

  it("goes forward where a tokenizer puts a space before a text", () => {
    // A SentencePiece vocabulary in small: "▁" is written before every text, but not after a line break.
    const words = ["\n", " ", '{"', "name", '":', "1", "}", " {", '"'];
    const source = vocabularyOfTokens(words);
    const encode = (text: string): Uint32Array => {
      const ids: number[] = [];
      for (let rest = ` ${text}`; rest !== ""; ) {
        const longest = words.filter((word) => rest.startsWith(word)).sort((x, y) => y.length - x.length)[0] as string;
        ids.push(words.indexOf(longest));
        rest = rest.slice(longest.length);
      }
      return Uint32Array.from(ids);
    };
    const expressions = new Expressions();
    const grammar = createGrammar(source, {
      expressions,
      root: expressions.sequence(expressions.text('{"name":1'), expressions.bytes([0x31, 0x7d])),
    });
    const { ids } = fastForward(grammar.start(), { ...source, encode } as unknown as Tokenizer);
    expect(ids.map((id) => words[id])).toEqual(['{"', "name", '":', "1"]);
  });

  it("sees tokens that the tokenizer would not give", () => {
    const own = [...tokenizer.encode("hello world")];
    expect(checkCanonical(tokenizer, own)).toEqual({ canonical: true });
    const letters = [...tokenizer.encode("h"), ...tokenizer.encode("e"), ...tokenizer.encode("llo world")];
    expect(checkCanonical(tokenizer, letters)).toMatchObject({ canonical: false, differsAt: 0 });
    const split = [...tokenizer.encode("😀🫠")];
    expect(checkCanonical(tokenizer, split.slice(0, -1))).toEqual({ canonical: undefined });
  });
});

describe("distortion", () => {
  it("is the probability that the mask keeps", () => {
    const logits = Float32Array.from([1, 2, 3, 4]);
    const all = [1, 2, 3, 4].map((logit) => Math.exp(logit)).reduce((x, y) => x + y);
    const { kept, divergence, removed } = distortionOf(logits, Uint32Array.of(0b0101), 1);
    expect(kept).toBeCloseTo((Math.exp(1) + Math.exp(3)) / all, 12);
    expect(divergence).toBeCloseTo(-Math.log(kept), 12);
    expect(removed).toEqual([{ id: 3, probability: expect.closeTo(Math.exp(4) / all, 12) }]);
  });
});
