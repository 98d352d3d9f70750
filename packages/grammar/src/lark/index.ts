import type { Expressions, Node } from "../expressions/index.ts";
import { Cursor } from "../notations/cursor.ts";
import { choiceOf, type Item, type Rule, repeatOf, sequenceOf } from "../notations/items.ts";
import { lower } from "../notations/lower.ts";
import type { TokenIds } from "../notations/tokens.ts";
import { choice, repeat, writePlain } from "../text/index.ts";
import { parseGrammar } from "./parse.ts";
import { type Expression, isTerminalName } from "./syntax.ts";
import { Terminals } from "./terminals.ts";

export interface LarkOptions {
  /** The rule that a text must be; `start` unless given. */
  start?: string;
  /** A schema behind `%json`, as expressions. Without it `%json` is refused. */
  json?: (schema: unknown, expressions: Expressions) => Node;
  tokenId?: TokenIds;
}

/**
 * A grammar in Lark's notation: rules, terminals, `%ignore`, `%import common`; with `%json {…}`, `<token>`, `{m,n}`, and `&` and `~` in terminals, as llguidance
 * has them. What is a text of the grammar is read as Lark's dynamic lexer reads it: terminals are cut wherever the rules allow, and neither priorities nor
 * longest matches take a text away.
 * @throws `grammar-invalid`, `grammar-unsupported` with `data: { line, column }` from 1; and what `json` throws
 */
export const parseLark = (source: string, expressions: Expressions, options: LarkOptions = {}): Node => {
  const cursor = new Cursor(source);
  const grammar = parseGrammar(cursor, options.tokenId);
  const terminals = new Terminals(grammar, cursor);
  const between = grammar.ignored.map((part) => terminals.text(part));
  const anyIgnored = repeat(choice(...between));
  const ignored: Item = { kind: "text", text: anyIgnored };
  const terminal = (item: Item): Item => (between.length === 0 ? item : sequenceOf([item, ignored]));
  const itemOf = (expression: Expression): Item => {
    switch (expression.kind) {
      case "text":
        return terminal(expression);
      case "name":
        if (isTerminalName(expression.name)) return terminal({ kind: "text", text: terminals.named(expression.name, expression.position) });
        if (!grammar.definitions.has(expression.name)) throw cursor.invalid(`there is no rule “${expression.name}”`, expression.position);
        return expression;
      case "token":
        return terminal({ kind: "token", id: expression.id });
      case "json":
        if (options.json === undefined) throw cursor.unsupported("no reader of JSON Schema is given", expression.position);
        return terminal({ kind: "node", node: options.json(expression.schema, expressions) });
      case "sequence":
        return sequenceOf(expression.parts.map(itemOf));
      case "choice":
        return choiceOf(expression.parts.map(itemOf));
      case "repeat":
        return repeatOf(itemOf(expression.part), expression.min, expression.max);
      default:
        throw cursor.unsupported("& and ~ are for terminals only", expression.position, "Give the terminal a name in capitals.");
    }
  };
  const rules = new Map<string, Rule>();
  for (const [name, { body, position }] of grammar.definitions) {
    if (isTerminalName(name)) terminals.named(name, position);
    else rules.set(name, { body: itemOf(body), position });
  }
  const start = options.start ?? "start";
  if (!rules.has(start)) throw cursor.invalid(`there is no rule “${start}”, with which every text begins`, 0);
  const node = lower(rules, expressions, {
    start,
    lineOf: (position) => cursor.lineAt(position),
    refuse: (says, position, name) => cursor.unsupported(`the rule “${name}” ${says}`, position),
  });
  return between.length === 0 ? node : expressions.sequence(writePlain(expressions, anyIgnored), node);
};
