import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Expressions, type Node } from "../src/expressions/index.ts";
import { compileSchema } from "../src/json-schema/index.ts";
import { createGrammar, type Grammar } from "../src/matcher/grammar.ts";
import { Masks } from "../src/matcher/masks.ts";
import { jsonText } from "./json-text.ts";
import { build, letters, trees } from "./random-expressions.ts";
import { idsOf, vocabularyOfTokens, withAllBytes } from "./small-vocabulary.ts";

const encoder = new TextEncoder();

/** By definition: each token tried alone, from the grammar with its labels. */
function bruteForce(expressions: Expressions, labelled: Node, tokens: readonly (Uint8Array | undefined)[], end: number): number[] {
  return tokens.flatMap((bytes, id) => {
    if (id === end) return expressions.nullable(labelled) ? [id] : [];
    if (!bytes || bytes.length === 0) return [];
    return expressions.deriveAll(labelled, bytes) === expressions.nothing ? [] : [id];
  });
}

const piece = fc.oneof(
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 6 }).map((text) => encoder.encode(text)),
  fc.uint8Array({ minLength: 1, maxLength: 2 }),
  fc.constantFrom(..."abé").map((letter) => encoder.encode(letter)),
  fc.subarray([...encoder.encode(letters)], { minLength: 1, maxLength: 1 }).map((bytes) => Uint8Array.from(bytes)),
);

describe("masks", () => {
  it("are what trying each token alone gives, along random ways", () => {
    fc.assert(
      fc.property(trees(), fc.array(piece, { minLength: 1, maxLength: 40 }), fc.array(fc.nat(), { maxLength: 6 }), (tree, pieces, choices) => {
        const expressions = new Expressions();
        const root = expressions.closed(build(expressions, tree));
        if (root === expressions.nothing) return;
        const tokens = [...[...encoder.encode(letters)].map((byte) => Uint8Array.of(byte)), ...pieces, undefined];
        const end = tokens.length - 1;
        const grammar = createGrammar(vocabularyOfTokens(tokens), { expressions, root }, { ends: [end] });
        const remembering = new Masks(expressions, grammar.vocabulary, 1);
        let state = grammar.start();
        for (const choice of [...choices, 0]) {
          const expected = bruteForce(expressions, state.labelled, tokens, end);
          if (expected.length === 0) {
            expect(() => state.mask()).toThrow(/No token of the vocabulary/);
            return;
          }
          expect(idsOf(state.mask())).toEqual(expected);
          const texts = expected.filter((id) => id !== end);
          expect(idsOf(remembering.of(state.node))).toEqual(texts);
          if (texts.length === 0) return;
          state = state.accept(texts[choice % texts.length] as number);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const jsonPieces = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'{}[]":, 0123456789.-eEtrufalsn\\abc\n', "é", "字", "😀"), minLength: 1, maxLength: 8 }),
    fc.constantFrom(
      '"',
      '":',
      '","',
      '"}',
      "true",
      "null",
      " word",
      "word",
      "Word",
      '{"',
      "[]",
      "\\u00",
      "  ",
      "long word of several words",
      "éé",
      "字字",
    ),
  );

  it("are so for JSON with strings of limited length, where whole classes of tokens are taken at once", () => {
    fc.assert(
      fc.property(
        fc.array(jsonPieces, { minLength: 30, maxLength: 200 }),
        fc.record({ min: fc.nat(3), more: fc.option(fc.nat(40), { nil: undefined }), letters: fc.constantFrom("any", "word", "no space") }),
        fc.array(fc.nat(), { maxLength: 25 }),
        (pieces, strings, choices) => {
          const expressions = new Expressions();
          const root = expressions.closed(
            jsonText(expressions, { ...strings, max: strings.more === undefined ? undefined : strings.min + strings.more }),
          );
          const texts = [...new Set(pieces)];
          const tokenizer = withAllBytes(...texts, undefined);
          const end = 256 + texts.length;
          const tokens = Array.from({ length: end + 1 }, (_, id) => tokenizer.bytesOf(id));
          tokens[end] = undefined;
          const grammar = createGrammar(tokenizer, { expressions, root }, { ends: [end] });
          walkAgainstBruteForce(expressions, grammar, tokens, end, [...choices, 0]);
        },
      ),
      { numRuns: 300 },
    );
  });

  const strings = fc.oneof(
    fc.constantFrom<Record<string, unknown>>(
      { pattern: "[A-Fa-f0-9]{6}" },
      { pattern: "^.+$" },
      { pattern: "^\\S+@\\S+$" },
      { pattern: "^[\\w.-]{2,9}$" },
      { pattern: "^(ab|a-b)*$", maxLength: 7 },
      { oneOf: [{ pattern: "ab" }, { pattern: "b1" }, { pattern: "字a" }] },
      { not: { enum: ["ab", "abc", "a b"] } },
      { format: "uri-reference" },
      { minLength: 2, maxLength: 5 },
      {},
    ),
    fc.record({ minLength: fc.nat(3), maxLength: fc.integer({ min: 3, max: 12 }) }),
  );
  const textPieces = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abcABF019_-./@: #<"', "é", "字", "\u2028", "\u3000"), minLength: 1, maxLength: 9 }),
    fc.constantFrom('","', '":"', '"}', '{"', "abcdef", "ABCDEF", "word", "012345", "longer words, and more", "éé"),
  );

  it("are so for strings by pattern, and names that a schema mentions, by themselves or by pattern, or not", () => {
    fc.assert(
      fc.property(
        fc.array(textPieces, { minLength: 40, maxLength: 250 }),
        fc.dictionary(fc.constantFrom("a", "ab", "abc", "a b", "b1", "é", "F"), strings, { maxKeys: 4 }),
        fc.oneof(fc.constant(false), strings),
        fc.array(fc.nat(), { minLength: 5, maxLength: 25 }),
        fc.subarray(["^b", "^[a-z]+$", "^(?!ab$).+$"], { maxLength: 2 }),
        (pieces, properties, additional, choices, patterns) => {
          const expressions = new Expressions();
          const schema = {
            type: "object",
            properties: Object.fromEntries(Object.entries(properties).map(([name, string]) => [name, { type: "string", ...string }])),
            patternProperties: Object.fromEntries(patterns.map((pattern) => [pattern, { type: "string", maxLength: 4 }])),
            additionalProperties: additional === false ? false : { type: "string", ...additional },
            minProperties: 1,
          };
          if (additional === false && Object.keys(properties).length + patterns.length === 0) return;
          const root = expressions.closed(compileSchema(expressions, schema, { propertyOrder: "any", whitespace: "none" }).node);
          const texts = [...new Set(pieces)];
          const tokenizer = withAllBytes(...texts, undefined);
          const end = 256 + texts.length;
          const tokens = [...Array.from({ length: end }, (_, id) => tokenizer.bytesOf(id)), undefined];
          const grammar = createGrammar(tokenizer, { expressions, root }, { ends: [end] });
          walkAgainstBruteForce(expressions, grammar, tokens, end, choices);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("agree for the same text in other tokens", () => {
    fc.assert(
      fc.property(
        trees(),
        fc.array(piece, { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
        (tree, pieces, choices) => {
          const expressions = new Expressions();
          const root = expressions.closed(build(expressions, tree));
          if (root === expressions.nothing) return;
          const grammar = createGrammar(withAllBytes(...pieces), { expressions, root });
          let state = grammar.start();
          let byBytes = grammar.start();
          for (const choice of choices) {
            if (state.finished) break;
            const allowed = idsOf(state.mask());
            const id = allowed[choice % allowed.length] as number;
            state = state.accept(id);
            for (const byte of grammar.vocabulary.bytes.subarray(grammar.vocabulary.starts[id], grammar.vocabulary.starts[id + 1]))
              byBytes = byBytes.accept(byte);
            expect(byBytes.node).toBe(state.node);
            expect(byBytes.complete).toBe(state.complete);
            if (!state.finished) expect(byBytes.mask()).toEqual(state.mask());
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("stay as they are when another branch goes on", () => {
    const expressions = new Expressions();
    const root = expressions.closed(jsonText(expressions, { min: 0, max: 5, letters: "any" }));
    const grammar = createGrammar(withAllBytes('{"', "ab", '":', "12"), { expressions, root });
    const forked = grammar.start().accept(256).accept(257);
    const before = idsOf(forked.mask());
    const one = forked.accept(258);
    const other = forked.accept(0x63);
    expect(idsOf(one.mask())).not.toEqual(idsOf(other.mask()));
    expect(idsOf(forked.mask())).toEqual(before);
    expect(idsOf(forked.accept(258).mask())).toEqual(idsOf(one.mask()));
  });

  it("do not take the rest of a character for whole ones, where a grammar speaks of bytes", () => {
    const expressions = new Expressions();
    const text = expressions.repeat(expressions.scalars([[0x20, 0x10ffff]]));
    const root = expressions.sequence(expressions.bytes([0xe4]), expressions.choice(text, expressions.bytes([0xbd])));
    const tokenizer = vocabularyOfTokens([Uint8Array.of(0xe4), "你", "你们", "a", Uint8Array.of(0xe4, 0xbd), Uint8Array.of(0xe4, 0x61)]);
    const grammar = createGrammar(tokenizer, { expressions, root });
    for (const keptFrom of [1, 192]) expect(idsOf(new Masks(expressions, grammar.vocabulary, keptFrom).of(grammar.start().node))).toEqual([0, 4, 5]);
  });

  it("have every token with the same bytes", () => {
    const expressions = new Expressions();
    const grammar = createGrammar(vocabularyOfTokens(["ab", "a", "ab", "b", "ab"]), { expressions, root: expressions.text("ab") });
    expect(idsOf(grammar.start().mask())).toEqual([0, 1, 2, 4]);
  });

  it("hold special tokens where the grammar names them, the end where it may end, and room for a padded vocabulary", () => {
    const expressions = new Expressions();
    const root = expressions.sequence(expressions.optional(expressions.text("a")), expressions.token(1));
    const grammar = createGrammar(vocabularyOfTokens(["a", undefined, undefined]), { expressions, root }, { ends: [2], vocabSize: 100 });
    const start = grammar.start();
    expect(start.mask().length).toBe(4);
    expect(idsOf(start.mask())).toEqual([0, 1]);
    const after = start.accept(0).accept(1);
    expect(after.complete).toBe(true);
    expect(after.finished).toBe(true);
    expect(idsOf(after.mask())).toEqual([2]);
    const ended = after.accept(2);
    expect(ended.ended).toBe(true);
    expect(idsOf(ended.mask())).toEqual([2]);
    expect(() => start.accept(2)).toThrow(expect.objectContaining({ code: "token-not-allowed" }));
  });

  it("are refused, not empty, where no token fits", () => {
    const expressions = new Expressions();
    const grammar = createGrammar(vocabularyOfTokens(["a", "c"]), { expressions, root: expressions.text("ab") });
    expect(() => grammar.start().accept(0).mask()).toThrow(expect.objectContaining({ code: "no-token-fits" }));
    expect(() => createGrammar(vocabularyOfTokens(["a"]), { expressions, root: expressions.nothing })).toThrow(
      expect.objectContaining({ code: "grammar-empty" }),
    );
  });
});

/** Token by token, the longer ones by preference: the mask of every state, and that of masks that remember no more than one. */
function walkAgainstBruteForce(expressions: Expressions, grammar: Grammar, tokens: (Uint8Array | undefined)[], end: number, choices: number[]): void {
  const remembering = new Masks(expressions, grammar.vocabulary, 1);
  let state = grammar.start();
  for (const choice of choices) {
    const allowed = idsOf(state.mask());
    expect(allowed).toEqual(bruteForce(expressions, state.labelled, tokens, end));
    expect(idsOf(remembering.of(state.node))).toEqual(allowed.filter((id) => id !== end));
    const longer = allowed.filter((id) => id !== end && (id >= 256 || choice % 3 === 0));
    const next = longer.length > 0 ? longer : allowed.filter((id) => id !== end);
    if (next.length === 0) return;
    state = state.accept(next[choice % next.length] as number);
  }
}
