import { type ConstraintOptions, CutawayError, type GrammarSyntax, type JsonValue, type Parameters } from "@cutaway/core";
import { readFileBytes, readStandardInput } from "../input/read-bytes.ts";
import type { Session } from "../session.ts";
import { given } from "./given.ts";

/** What the options of `language-options.ts` come as. */
export interface LanguageOptions {
  schema?: string;
  jsonObject?: boolean;
  regex?: string;
  grammar?: string;
  grammarSyntax?: GrammarSyntax;
  choice?: string[];
  whitespace?: ConstraintOptions["whitespace"];
  propertyOrder?: ConstraintOptions["propertyOrder"];
  checkAfter?: boolean;
  after?: string;
  fastForward?: boolean;
}

export interface AskedFormat {
  responseFormat?: Parameters["responseFormat"];
  constraint?: ConstraintOptions;
}

/** The language that the options ask for, its files read. @throws `bad-schema-file`, `option-without-effect`, `unknown-grammar-syntax` */
export async function languageOf(options: LanguageOptions, session: Session): Promise<AskedFormat> {
  const { schema, jsonObject, regex, grammar, grammarSyntax, choice, whitespace, propertyOrder, checkAfter, after, fastForward } = options;
  if (grammarSyntax !== undefined && grammar === undefined)
    throw new CutawayError("option-without-effect", "--grammar-syntax says nothing without --grammar", { fix: "Leave it out." });
  if (jsonObject && schema !== undefined)
    throw new CutawayError("option-without-effect", "--json-object says nothing beside --schema", { fix: "Leave one of them out." });
  const constraint: ConstraintOptions = given({
    regex,
    grammar: grammar === undefined ? undefined : { syntax: grammarSyntax ?? syntaxOf(grammar), text: await textOf(grammar, session) },
    choice,
    whitespace,
    propertyOrder,
    checkAfter: checkAfter || undefined,
    after,
    fastForward: fastForward || undefined,
  });
  return {
    ...(schema !== undefined && { responseFormat: { type: "json-schema" as const, schema: await schemaIn(schema, session) } }),
    ...(jsonObject && { responseFormat: { type: "json" as const } }),
    ...(Object.keys(constraint).length > 0 && { constraint }),
  };
}

/** Whether one of the options reads standard input. */
export const readsStandardInput = ({ schema, grammar }: LanguageOptions): boolean => schema === "-" || grammar === "-";

async function schemaIn(path: string, session: Session): Promise<JsonValue> {
  const text = await textOf(path, session);
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new CutawayError("bad-schema-file", `${nameOf(path)} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      fix: "Give a file with a JSON schema.",
      cause,
    });
  }
}

async function textOf(path: string, session: Session): Promise<string> {
  const bytes = path === "-" ? await readStandardInput(session.out, session.interrupted) : readFileBytes(path, session.out);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CutawayError("not-utf8", `${nameOf(path)} is not UTF-8 text`, { fix: "Convert it to UTF-8.", cause });
  }
}

const nameOf = (path: string): string => (path === "-" ? "standard input" : path);

function syntaxOf(path: string): GrammarSyntax {
  if (path.endsWith(".gbnf")) return "gbnf";
  if (path.endsWith(".lark")) return "lark";
  throw new CutawayError("unknown-grammar-syntax", `--grammar ${path}: its name does not say what it is written in`, {
    fix: "Say --grammar-syntax gbnf or --grammar-syntax lark.",
  });
}
