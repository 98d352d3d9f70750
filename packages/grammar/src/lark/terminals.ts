import type { Cursor } from "../notations/cursor.ts";
import { both, choice, not, repeat, sequence, type Text } from "../text/index.ts";
import { type Expression, isTerminalName, type LarkGrammar } from "./syntax.ts";

/** Terminals in terminals, at most. */
const deepest = 300;

/** Terminals as languages of texts; each is worked out once. */
export class Terminals {
  readonly #grammar: LarkGrammar;
  readonly #cursor: Cursor;
  readonly #known = new Map<string, Text>();
  readonly #open = new Set<string>();

  constructor(grammar: LarkGrammar, cursor: Cursor) {
    this.#grammar = grammar;
    this.#cursor = cursor;
  }

  named(name: string, position: number): Text {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const definition = this.#grammar.definitions.get(name);
    if (definition === undefined) throw this.#cursor.invalid(`there is no terminal “${name}”`, position);
    if (this.#open.has(name)) throw this.#cursor.invalid(`the terminal “${name}” has itself inside`, position);
    if (this.#open.size >= deepest) throw this.#cursor.unsupported(`terminals stand more than ${deepest} deep in each other`, position);
    this.#open.add(name);
    const text = this.text(definition.body);
    this.#open.delete(name);
    this.#known.set(name, text);
    return text;
  }

  text(expression: Expression): Text {
    switch (expression.kind) {
      case "text":
        return expression.text;
      case "name":
        if (!isTerminalName(expression.name))
          throw this.#cursor.invalid(`a terminal cannot have a rule inside: “${expression.name}”`, expression.position);
        return this.named(expression.name, expression.position);
      case "sequence":
        return sequence(...expression.parts.map((part) => this.text(part)));
      case "choice":
        return choice(...expression.parts.map((part) => this.text(part)));
      case "both":
        return both(...expression.parts.map((part) => this.text(part)));
      case "not":
        return not(this.text(expression.part));
      case "repeat":
        return repeat(this.text(expression.part), expression.min, expression.max);
      default:
        throw this.#cursor.invalid("a terminal is made of texts and other terminals only", expression.position);
    }
  }
}
