import type { Cursor } from "../notations/cursor.ts";
import type { TokenIds } from "../notations/tokens.ts";
import { commonTerminal } from "./common.ts";
import { readJsonObject } from "./json-value.ts";
import { type Parsing, parseExpression, readName, skip } from "./parse-expression.ts";
import type { LarkGrammar } from "./syntax.ts";

/** @throws `grammar-invalid`, `grammar-unsupported` */
export const parseGrammar = (cursor: Cursor, tokenId: TokenIds | undefined): LarkGrammar => {
  const grammar: LarkGrammar = { definitions: new Map(), ignored: [] };
  const parsing: Parsing = { cursor, tokenId, depth: 0 };
  skip(cursor, true);
  while (!cursor.done) {
    if (cursor.sees("%")) parseStatement(parsing, grammar);
    else parseDefinition(parsing, grammar);
    skip(cursor, false);
    if (!cursor.done && cursor.match(/\r?\n/y) === undefined) throw cursor.invalid("this belongs to nothing before it: the line should end here");
    skip(cursor, true);
  }
  return grammar;
};

const parseDefinition = (parsing: Parsing, grammar: LarkGrammar): void => {
  const { cursor } = parsing;
  cursor.match(/[?!]{0,2}/y); // what becomes of the tree says nothing of the language
  const position = cursor.position;
  const name = readName(cursor);
  if (name === undefined) throw cursor.invalid("a rule, a terminal or a % statement is expected here");
  if (cursor.sees("{")) throw cursor.unsupported("templates are not followed", undefined, "Write the rule out.");
  if (cursor.sees("[")) throw cursor.unsupported("attributes of rules are not followed");
  cursor.match(/\.-?\d+/y); // priority: which of two trees, never which texts
  skip(cursor, false);
  if (!cursor.takes(":")) throw cursor.invalid("“:” is expected here");
  const body = parseExpression(parsing);
  define(parsing, grammar, name, position, body);
};

const define = ({ cursor }: Parsing, grammar: LarkGrammar, name: string, position: number, body: LarkGrammar["ignored"][number]): void => {
  if (grammar.definitions.has(name)) throw cursor.invalid(`“${name}” is defined already`, position);
  grammar.definitions.set(name, { body, position });
};

const parseStatement = (parsing: Parsing, grammar: LarkGrammar): void => {
  const { cursor } = parsing;
  const position = cursor.position;
  const name = cursor.match(/%([a-z_]+)[ \t]*/y)?.[1];
  if (name === "ignore") grammar.ignored.push(parseExpression(parsing));
  else if (name === "import") parseImport(parsing, grammar);
  else if (name === "llguidance") {
    if (Object.keys(readJsonObject(cursor) as object).length > 0) throw cursor.unsupported("options of llguidance are not followed", position);
  } else throw cursor.unsupported(`%${name ?? ""} is not followed; %ignore, %import common and %json are`, position);
};

/** `common.INT`, `common.INT -> NUMBER` or `common (INT, WS)`. */
const parseImport = (parsing: Parsing, grammar: LarkGrammar): void => {
  const { cursor } = parsing;
  const position = cursor.position;
  if (cursor.match(/common(?![A-Za-z0-9_])[ \t]*/y) === undefined) throw cursor.unsupported("only the module “common” is there", position);
  const listed = cursor.takes("(");
  if (!listed && !cursor.takes(".")) throw cursor.invalid("“.” and a name, or names in brackets, are expected here");
  do {
    skip(cursor, listed);
    const at = cursor.position;
    const name = readName(cursor);
    const text = name === undefined ? undefined : commonTerminal(name);
    if (name === undefined || text === undefined) throw cursor.invalid(`the module “common” has no “${name ?? ""}”`, at);
    const alias = listed ? undefined : cursor.match(/[ \t]*->[ \t]*(_?[A-Z][_A-Z0-9]*)/y)?.[1];
    define(parsing, grammar, alias ?? name, at, { kind: "text", text });
    skip(cursor, listed);
  } while (listed && cursor.takes(","));
  if (listed && !cursor.takes(")")) throw cursor.invalid("“)” is expected here");
};
