import type { OptionSpec } from "./command.ts";
import { oneOf, someName } from "./parse-option.ts";

/** What an answer is held to, token by token: options of every command that generates. */
export const languageOptions: readonly OptionSpec[] = [
  {
    flags: "--schema <file>",
    says: "the answer is JSON that is valid under this JSON schema; - reads it from standard input",
    parse: someName("--schema"),
  },
  { flags: "--json-object", says: "the answer is a JSON object of any kind" },
  { flags: "--regex <pattern>", says: "the whole answer matches this regular expression (ECMA-262)", parse: someName("--regex") },
  { flags: "--grammar <file>", says: "the answer is a sentence of this grammar: GBNF, or Lark", parse: someName("--grammar") },
  {
    flags: "--grammar-syntax <syntax>",
    says: "gbnf or lark (default: by the file's name)",
    parse: oneOf("--grammar-syntax", ["gbnf", "lark"]),
  },
  { flags: "--choice <text>", says: "the answer is one of these texts; may be given more than once", repeatable: true },
  {
    flags: "--whitespace <how>",
    says: "of JSON: none, bounded (default: a space, or a line break with its indentation), any",
    parse: oneOf("--whitespace", ["none", "bounded", "any"]),
  },
  {
    flags: "--property-order <how>",
    says: "of JSON: declared (default: as the schema names them), any",
    parse: oneOf("--property-order", ["declared", "any"]),
  },
  { flags: "--check-after", says: "what of the schema no mask can hold is checked at the end, instead of refused" },
];

/** The same, of an answer that is generated. */
export const heldAnswerOptions: readonly OptionSpec[] = [
  ...languageOptions,
  { flags: "--after <text>", says: "the answer is free until this text, e.g. </think>, and held from there on", parse: someName("--after") },
  { flags: "--fast-forward", says: "write what is forced without asking the model: faster, and the mass kept is unknown there" },
];
