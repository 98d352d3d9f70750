import { readFileSync } from "node:fs";
import { isCutawayError } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { parseGbnf } from "../src/gbnf/index.ts";
import { grammars, recognises, type Tree, words } from "./random-grammars.ts";

const accepts = (grammar: string, text: string): boolean => {
  const expressions = new Expressions();
  return expressions.matches(expressions.closed(parseGbnf(grammar, expressions)), text);
};

/** Undefined where the grammar is one that begins with itself behind something that may be empty. */
const follow = (grammar: string): ((text: string) => boolean) | undefined => {
  const expressions = new Expressions();
  try {
    const node = expressions.closed(parseGbnf(grammar, expressions));
    return (text) => expressions.matches(node, text);
  } catch (error) {
    if (isCutawayError(error) && error.code === "grammar-unsupported") return undefined;
    throw error;
  }
};

const written = (tree: Tree): string => {
  switch (tree.kind) {
    case "text":
      return JSON.stringify(tree.text);
    case "class":
      return `[${tree.negated ? "^" : ""}${tree.letters}]`;
    case "name":
      return tree.name;
    case "sequence":
      return `(${tree.parts.map(written).join(" ")})`;
    case "choice":
      return `(${tree.parts.map(written).join(" | ")})`;
    case "repeat":
      return `(${written(tree.part)}){${tree.min},${tree.max ?? ""}}`;
  }
};

test("random grammars have the texts that a slow recogniser finds, left recursion and all", () => {
  let followed = 0;
  let refused = 0;
  let inside = 0;
  fc.assert(
    fc.property(grammars, fc.array(words, { minLength: 6, maxLength: 12 }), (grammar, texts) => {
      const matches = follow([...grammar].map(([name, body]) => `${name} ::= ${written(body)}\n`).join(""));
      if (matches === undefined) {
        refused++;
        return;
      }
      followed++;
      for (const text of ["", ...texts]) {
        const expected = recognises(grammar, text);
        if (expected) inside++;
        expect([text, matches(text)]).toEqual([text, expected]);
      }
    }),
    { numRuns: 1500 },
  );
  expect(followed).toBeGreaterThan(refused);
  expect(inside).toBeGreaterThan(500);
});

const json = String.raw`
# a JSON document
root   ::= value
value  ::= object | array | string | number | ("true" | "false" | "null") ws
object ::=
  "{" ws (
            string ":" ws value
    ("," ws string ":" ws value)*
  )? "}" ws
array  ::= "[" ws ( value ("," ws value)* )? "]" ws
string ::= "\"" ( [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) )* "\"" ws
number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
ws ::= | " " | "\n" [ \t]{0,20}
`;

describe("the notation of llama.cpp's guide", () => {
  test("a grammar of JSON", () => {
    for (const text of ['{"a": [1, 2.5e3, {"b\\n": null}], "ü😀": "\\u00e9"}', "[]", "true", '{"a":\n  1}'])
      expect([text, accepts(json, text)]).toEqual([text, true]);
    for (const text of ["{", '{"a" 1}', "[1,]", '"\n"', "01"]) expect([text, accepts(json, text)]).toEqual([text, false]);
  });

  test.each<[string, string[], string[]]>([
    ['root ::= expr\nexpr ::= expr "+" term | term\nterm ::= [0-9]+ | "(" expr ")"', ["1+2+(3+4)", "((7))"], ["1+", "+1", "(1"]],
    ['root ::= a "x" | "z"\na ::= root "y" | "w"', ["z", "wx", "zyx", "wxyx"], ["x", "zy", "w"]],
    ['root ::= ws? root "x" | "y"\nws ::= " "', ["y", "yx", " yx", "  yxx"], ["x", " y"]],
    ['root ::= "a" | # one\n  "b" |\n\n "c"\n\n# end', ["a", "b", "c"], [""]],
    ["root ::= (\n 'x'\n)".replaceAll("'", '"'), ["x"], [""]],
    ['root ::= "ab"{2}', ["abab"], ["abb"]],
    ['root ::= "a"{,2}', ["", "aa"], ["aaa"]],
    ["root ::= [あ-ん]+ [^\\]\\-] [a-]", ["こん!a", "んx-"], ["a", "ん]a"]],
    ['root ::= "\\x41\\u00e9\\U0001F600" .', ["Aé😀\n"], ["Aé😀"]],
    ['root ::= check-mate rule_1\ncheck-mate ::= "#"\nrule_1 ::= ""', ["#"], [""]],
    ['root ::= "a"*?', ["", "aaa"], ["b"]],
  ])("%s", (grammar, yes, no) => {
    expect(yes.filter((text) => !accepts(grammar, text))).toEqual([]);
    expect(no.filter((text) => accepts(grammar, text))).toEqual([]);
  });

  test("the example of the documentation", () => {
    const page = readFileSync(new URL("../../../docs/constrained.md", import.meta.url), "utf8");
    const grammar = /```gbnf\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    expect(accepts(grammar, "The answer is yes, see 42 U.S.C. § 1983; 5 U.S.C. § 706.")).toBe(true);
    expect(accepts(grammar, "The answer is maybe, see 42 U.S.C. § 1983.")).toBe(false);
  });

  test("tokens, by name and by number", () => {
    const expressions = new Expressions();
    const tokenId = (text: string): number | undefined => ({ "<think>": 7, "</think>": 8 })[text];
    const root = expressions.closed(parseGbnf('root ::= <think> !</think>* <[8]> "yes"', expressions, { tokenId }));
    const inside = expressions.deriveAll(expressions.deriveToken(root, 7), new TextEncoder().encode("well, <think>…"));
    expect(expressions.matches(expressions.deriveToken(inside, 8), "yes")).toBe(true);
    expect(expressions.deriveToken(root, 8)).toBe(expressions.nothing);
    expect(expressions.deriveToken(inside, 7)).toBe(expressions.nothing);
  });

  test("expressions say which rule they come from, and its line", () => {
    const expressions = new Expressions();
    const root = expressions.closed(parseGbnf('root ::= "<" tail\n\ntail ::= "a" tail | ">"', expressions));
    expect(expressions.sources(expressions.derive(root, 0x3c))).toContainEqual({ rule: "tail", line: 3 });
  });
});

describe("what is wrong is told with its place", () => {
  test.each<[string, string, number, number]>([
    ["", "grammar-invalid", 1, 1],
    ['a ::= "x"', "grammar-invalid", 1, 1],
    ['root ::= "x"\nroot ::= "y"', "grammar-invalid", 2, 1],
    ['root ::= "é" tail', "grammar-invalid", 1, 14],
    ['root ::= "x', "grammar-invalid", 1, 10],
    ["root ::= [a", "grammar-invalid", 1, 10],
    ["root ::= [z-a]", "grammar-invalid", 1, 11],
    ['root ::= ("a"\n| "b"', "grammar-invalid", 1, 10],
    ['root ::= "a")', "grammar-invalid", 1, 13],
    ['root = "a"', "grammar-invalid", 1, 6],
    ['root ::= "\\q"', "grammar-invalid", 1, 11],
    ['root ::= "a"{3,1}', "grammar-invalid", 1, 13],
    ['root ::= "a"{}', "grammar-invalid", 1, 13],
    ["root ::= *", "grammar-invalid", 1, 10],
    ["root ::= <think>", "grammar-unsupported", 1, 10],
    ["root ::= !<[3]>", "grammar-unsupported", 1, 10],
    ['root ::= "a"{99999999999}', "grammar-unsupported", 1, 13],
    ["root ::= root root | ", "grammar-unsupported", 1, 1],
    [`root ::= ${"(".repeat(100_000)}`, "grammar-unsupported", 1, 210],
  ])("%s", (grammar, code, line, column) => {
    expect(() => parseGbnf(grammar, new Expressions())).toThrow(expect.objectContaining({ code, data: { line, column } }));
  });

  test("any text at all ends in expressions or in an error of ours", () => {
    const pieces = fc.constantFrom(
      "root",
      "a",
      " ",
      "::=",
      "|",
      "(",
      ")",
      '"',
      "[",
      "]",
      "^",
      "-",
      "*",
      "+",
      "?",
      "{",
      "1",
      ",",
      "}",
      "\n",
      "#",
      "\\",
      "x41",
      "<",
      ">",
      "!",
      ".",
      "é",
    );
    const built = fc.array(pieces, { maxLength: 25 }).map((parts) => `root ::= ${parts.join("")}\na ::= "a"\n`);
    fc.assert(
      fc.property(fc.oneof(built, fc.string({ unit: "binary" })), (grammar) => {
        try {
          const expressions = new Expressions();
          expressions.closed(parseGbnf(grammar, expressions));
        } catch (error) {
          expect(isCutawayError(error)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("grammars made to be heavy end", () => {
  const chain = (count: number, body: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => `${i === 0 ? "root" : `r${i}`} ::= ${body(i)}\n`).join("");

  test("a long chain of rules", () => {
    const chained = (count: number): string => chain(count, (i) => (i === count - 1 ? '"x"' : `r${i + 1}`));
    expect(accepts(chained(500), "x")).toBe(true);
    expect(() => parseGbnf(chained(20_000), new Expressions())).toThrow(expect.objectContaining({ code: "grammar-unsupported" }));
  });

  test("a long chain of rules that come back to the first", () => {
    const grammar = chain(20_000, (i) => (i === 19_999 ? '"x" root' : `r${i + 1} | "y"`));
    expect(() => parseGbnf(grammar, new Expressions())).toThrow(expect.objectContaining({ code: "grammar-unsupported" }));
  });

  test("doubling rules: 2^30 letters", () => {
    const expressions = new Expressions();
    const node = parseGbnf(
      chain(31, (i) => (i === 30 ? '"x"' : `r${i + 1} r${i + 1}`)),
      expressions,
    );
    expect(expressions.isEmpty(node)).toBe(false);
    expect(expressions.derive(node, 0x78)).not.toBe(expressions.nothing);
  });

  test("a circle of rules that all begin with each other is refused", () => {
    const grammar = chain(50, (i) => `r${(i + 1) % 50 || 1} "x" | ${i === 0 ? '"y"' : 'root "z"'}`);
    expect(() => parseGbnf(grammar, new Expressions())).toThrow(expect.objectContaining({ code: "grammar-unsupported" }));
  });

  test("an ambiguous grammar does not grow with the text", () => {
    expect(accepts('root ::= "a" root root | "a"', "a".repeat(201))).toBe(true);
  });
});
