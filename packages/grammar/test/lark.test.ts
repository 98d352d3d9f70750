import { isCutawayError } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { compileSchema } from "../src/json-schema/index.ts";
import { type LarkOptions, parseLark } from "../src/lark/index.ts";
import { grammars, recognises, type Tree, words } from "./random-grammars.ts";

const json: LarkOptions["json"] = (schema, expressions) => compileSchema(expressions, schema).node;

const accepts = (grammar: string, text: string): boolean => {
  const expressions = new Expressions();
  return expressions.matches(expressions.closed(parseLark(grammar, expressions, { json })), text);
};

const follow = (grammar: string): ((text: string) => boolean) | undefined => {
  const expressions = new Expressions();
  try {
    const node = expressions.closed(parseLark(grammar, expressions));
    return (text) => expressions.matches(node, text);
  } catch (error) {
    if (isCutawayError(error) && error.code === "grammar-unsupported") return undefined;
    throw error;
  }
};

const named = (name: string): string => (name === "root" ? "start" : name);

const written = (tree: Tree): string => {
  switch (tree.kind) {
    case "text":
      return JSON.stringify(tree.text);
    case "class":
      return `/[${tree.negated ? "^" : ""}${tree.letters}]/`;
    case "name":
      return named(tree.name);
    case "sequence":
      return `(${tree.parts.map(written).join(" ")})`;
    case "choice":
      return `(${tree.parts.map(written).join(" | ")})`;
    case "repeat":
      if (tree.min === 0 && tree.max === 1) return `[${written(tree.part)}]`;
      return tree.max === undefined ? `(${written(tree.part)}){${tree.min},}` : `(${written(tree.part)}) ~ ${tree.min}..${tree.max}`;
  }
};

const inLetters = (tree: Tree): Tree => {
  if (tree.kind === "text") return { kind: "text", text: tree.text.slice(0, 1) };
  if (tree.kind === "class") return { ...tree, negated: false };
  if (tree.kind === "repeat") return { ...tree, part: inLetters(tree.part) };
  return tree.kind === "name" ? tree : { ...tree, parts: tree.parts.map(inLetters) };
};

describe("random grammars have the texts that a slow recogniser finds", () => {
  const compare = (change: (tree: Tree) => Tree, more: string, respell: (text: string, draw: number) => string): void => {
    let followed = 0;
    let inside = 0;
    fc.assert(
      fc.property(grammars, fc.array(fc.tuple(words, fc.nat()), { minLength: 6, maxLength: 12 }), (made, texts) => {
        const grammar = new Map([...made].map(([name, body]) => [name, change(body)]));
        const matches = follow(`${more}${[...grammar].map(([name, body]) => `${named(name)}: ${written(body)}\n`).join("")}`);
        if (matches === undefined) return;
        followed++;
        for (const [text, draw] of texts) {
          const expected = recognises(grammar, text);
          if (expected) inside++;
          const spelled = respell(text, draw);
          expect([spelled, matches(spelled)]).toEqual([spelled, expected]);
        }
      }),
      { numRuns: 800 },
    );
    expect(followed).toBeGreaterThan(400);
    expect(inside).toBeGreaterThan(200);
  };

  test("as they are", () => {
    compare(
      (tree) => tree,
      "",
      (text) => text,
    );
  });

  test("with blanks between terminals that are ignored", () => {
    compare(inLetters, '%ignore " "\n', (text, draw) => ` ${Array.from(text, (letter, i) => letter + " ".repeat((draw >> i) & 1)).join("")}`);
  });
});

const calculator = `
// the example of Lark's documentation
?start: sum
      | NAME "=" sum    -> assign_var
?sum: product
    | sum "+" product   -> add
    | sum "-" product   -> sub
?product: atom
    | product "*" atom  -> mul
    | product "/" atom  -> div
?atom: NUMBER           -> number
     | "-" atom         -> neg
     | NAME             -> var
     | "(" sum ")"

%import common.CNAME -> NAME
%import common.NUMBER
%import common.WS_INLINE
%ignore WS_INLINE
`;

describe("Lark's notation", () => {
  test("a calculator", () => {
    for (const text of ["x = 1 + 2*(3 - y)", "-a", "((1.5e3))/ b", "  x=1  "]) expect([text, accepts(calculator, text)]).toEqual([text, true]);
    for (const text of ["x = ", "1 +", "(1", "x == 1", "\n1"]) expect([text, accepts(calculator, text)]).toEqual([text, false]);
  });

  test.each<[string, string[], string[]]>([
    ['start: "a" | "b"\n     | "c" // end', ["a", "b", "c"], ["d"]],
    ['start: "select"i "s" /x/i', ["select" + "sx", "SeLeCtsX"], ["selectSx"]],
    ['start: A~2 B~1..2 ["c"] "d"{2}\nA: "a".."c"\nB: /\\d/', ["ab1dd", "cc12cdd"], ["a1dd", "ab123dd"]],
    ["start: TEXT\nTEXT: /[a-z ]*/ & ~/(?s:.*)bad(?s:.*)/", ["", "good"], ["a bad one", "A"]],
    ["start: A B & C", [], []],
    ['start: X\nX: ~A\nA: "a"+', ["", "b", "ab"], ["a", "aaa"]],
    ["start: /[^{](.|\\n)*/", ["a\r\nb"], ["{", ""]],
    ["start: /a\\/b[/]c/", ["a/b/c"], ["ab"]],
    ['start: "\\"\\n\\x41\\u00e9"', ['"\nAé'], [""]],
    ['!start.2: _a -> name\n_a: "x"\nUNUSED.-1: "y"', ["x"], ["y"]],
    ['%import common (ESCAPED_STRING, WS)\n%ignore WS\nstart: "[" [ESCAPED_STRING ("," ESCAPED_STRING)*] "]"', ['["a", "b\\"c"]', "[ ]"], ['["a]']],
    ['%llguidance {}\nstart: "a" \\\n  "b"', ["ab"], ["a"]],
    [
      'start: "call: " f\nf: %json { "type": "object", "properties": { "n": { "enum": ["a}", 1] } }, "required": ["n"], "additionalProperties": false } ";"',
      ['call: {"n":"a}"};', 'call: {"n":1};'],
      ['call: {"n":2};'],
    ],
  ])("%s", (grammar, yes, no) => {
    if (yes.length === 0 && no.length === 0) {
      expect(() => accepts(grammar, "")).toThrow(expect.objectContaining({ code: "grammar-unsupported" }));
      return;
    }
    expect(yes.filter((text) => !accepts(grammar, text))).toEqual([]);
    expect(no.filter((text) => accepts(grammar, text))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["INT", "12", "-1"],
    ["SIGNED_INT", "-12", "1.5"],
    ["DECIMAL", ".5", "5"],
    ["FLOAT", "1e5", "15"],
    ["SIGNED_FLOAT", "+1.", "1"],
    ["NUMBER", "1", "+1"],
    ["SIGNED_NUMBER", "-1.5e-3", "e"],
    ["HEXDIGIT", "f", "g"],
    ["WORD", "abc", "a1"],
    ["CNAME", "_a1", "1a"],
    ["NEWLINE", "\r\n\n", "\r"],
    ["WS", " \t\f\n", ""],
    ["ESCAPED_STRING", '"a\\"b"', '"a"b"'],
    ["C_COMMENT", "/* a * / **/", "/* a */ */"],
    ["CPP_COMMENT", "// x", "/ x"],
    ["SH_COMMENT", "# x", "# x\n"],
    ["SQL_COMMENT", "-- x", "- x"],
    ["DIGIT", "5", "55"],
    ["LETTER", "q", "1"],
    ["LCASE_LETTER", "q", "Q"],
    ["UCASE_LETTER", "Q", "q"],
    ["WS_INLINE", " \t", "\n"],
    ["CR", "\r", "\n"],
    ["LF", "\n", "\r"],
  ])("common.%s", (name, yes, no) => {
    expect([yes, no].map((text) => accepts(`%import common.${name}\nstart: ${name}`, text))).toEqual([true, false]);
  });

  test("special tokens stand between texts", () => {
    const expressions = new Expressions();
    const root = expressions.closed(
      parseLark('start: <|tool|> "x" <[9]>', expressions, { tokenId: (text) => (text === "<|tool|>" ? 5 : undefined) }),
    );
    const inside = expressions.derive(expressions.deriveToken(root, 5), 0x78);
    expect(expressions.nullable(expressions.deriveToken(inside, 9))).toBe(true);
  });
});

describe("what is wrong, or not followed, is told with its place", () => {
  test.each<[string, string, number, number]>([
    ["", "grammar-invalid", 1, 1],
    ['begin: "a"', "grammar-invalid", 1, 1],
    ["start: tail", "grammar-invalid", 1, 8],
    ["start: TAIL", "grammar-invalid", 1, 8],
    ['start: "a\n', "grammar-invalid", 1, 8],
    ['start: "a" )', "grammar-invalid", 1, 12],
    ['start: ("a"\n', "grammar-invalid", 1, 8],
    ['start: "a"\nstart: "b"', "grammar-invalid", 2, 1],
    ['start "a"', "grammar-invalid", 1, 7],
    ['start: A\nA: "x" A', "grammar-invalid", 2, 8],
    ['start: A\nA: "x" b\nb: "y"', "grammar-invalid", 2, 8],
    ["start: /a(/", "grammar-invalid", 1, 10],
    ["start: /(a)\\1/", "grammar-unsupported", 1, 12],
    ["start: /a/x", "grammar-unsupported", 1, 8],
    ['start: "b".."a"', "grammar-invalid", 1, 8],
    ['start: "ab".."c"', "grammar-invalid", 1, 8],
    ['start: "a" ~ 3..2', "grammar-invalid", 1, 12],
    ["%import common.NOTHING", "grammar-invalid", 1, 16],
    ["%import python.NAME", "grammar-unsupported", 1, 9],
    ["%declare A", "grammar-unsupported", 1, 1],
    ["pair{x}: x", "grammar-unsupported", 1, 5],
    ["start: pair{A}", "grammar-unsupported", 1, 8],
    ['start[lazy]: "a"', "grammar-unsupported", 1, 6],
    ["start: @other", "grammar-unsupported", 1, 8],
    ['start: %json { "type": ', "grammar-invalid", 1, 14],
    ["start: %json { type: 1 }", "grammar-invalid", 1, 14],
    ["start: start start |", "grammar-unsupported", 1, 1],
    ["start: <tool>", "grammar-unsupported", 1, 8],
    ['start: "a" & "b"', "grammar-unsupported", 1, 8],
    [`start: ${"(".repeat(100_000)}`, "grammar-unsupported", 1, 208],
  ])("%s", (grammar, code, line, column) => {
    expect(() => parseLark(grammar, new Expressions(), { json })).toThrow(expect.objectContaining({ code, data: { line, column } }));
  });

  test("any text at all ends in expressions or in an error of ours", () => {
    const pieces = fc.constantFrom(
      "start",
      "A",
      ":",
      " ",
      "|",
      "(",
      ")",
      "[",
      "]",
      '"a"',
      '"',
      "/b/",
      "/",
      "*",
      "+",
      "?",
      "~",
      "2",
      "..",
      "{",
      "}",
      ",",
      "\n",
      "#",
      "//",
      "->",
      "&",
      "%ignore",
      "%import common.",
      "INT",
      "%json",
      "<",
      ">",
      "\\",
      "i",
      "é",
    );
    const built = fc.array(pieces, { maxLength: 25 }).map((parts) => `start: ${parts.join("")}\nA: "a"\n`);
    fc.assert(
      fc.property(fc.oneof(built, fc.string({ unit: "binary" })), (grammar) => {
        try {
          const expressions = new Expressions();
          expressions.closed(parseLark(grammar, expressions, { json }));
        } catch (error) {
          if (!isCutawayError(error)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("terminals in terminals without end", () => {
    const chain = Array.from({ length: 5000 }, (_, i) => `T${i}: T${i + 1}\n`).join("");
    expect(() => parseLark(`start: T0\n${chain}T5000: "x"`, new Expressions())).toThrow(expect.objectContaining({ code: "grammar-unsupported" }));
  });
});
