import { type ConstraintOptions, CutawayError, type Request } from "@cutaway/core";
import type { LanguageSource } from "./source.ts";

/** What a request asks of its answer's language. */
export interface AskedLanguage {
  source: LanguageSource;
  /** How JSON is written. */
  whitespace: NonNullable<ConstraintOptions["whitespace"]>;
  propertyOrder: NonNullable<ConstraintOptions["propertyOrder"]>;
  checkAfter: boolean;
  after?: string;
  fastForward: boolean;
}

const known: Record<keyof ConstraintOptions, string> = {
  regex: "a pattern",
  grammar: "{ syntax, text }, the syntax gbnf or lark",
  choice: "a list of one text or more",
  whitespace: "none, bounded or any",
  propertyOrder: "declared or any",
  checkAfter: "true",
  after: "a text that is not empty",
  fastForward: "true",
};

const isText = (value: unknown): value is string => typeof value === "string";

const fits: Record<keyof ConstraintOptions, (value: unknown) => boolean> = {
  regex: isText,
  grammar: (value) => isGrammar(value),
  choice: (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
  whitespace: (value) => value === "none" || value === "bounded" || value === "any",
  propertyOrder: (value) => value === "declared" || value === "any",
  checkAfter: (value) => value === true,
  after: (value) => isText(value) && value !== "",
  fastForward: (value) => value === true,
};

/**
 * The language that a request asks for; undefined where its answer is free.
 * @throws `invalid-parameter`; `option-without-effect` for two languages, and for an option that says nothing about the one there is
 */
export function askedLanguage({ parameters, local = {} }: Pick<Request, "parameters" | "local">): AskedLanguage | undefined {
  const { constraint: options = {} } = local;
  requireOptions(options);
  const format = parameters.responseFormat;
  const sources: [name: string, source: LanguageSource][] = [];
  if (format?.type === "json-schema") {
    if (format.schema === undefined) throw invalidParameter("responseFormat", "of the type json-schema takes a schema", format);
    sources.push(["responseFormat", { kind: "json-schema", schema: format.schema }]);
  }
  if (format?.type === "json") sources.push(["responseFormat", { kind: "json" }]);
  if (options.regex !== undefined) sources.push(["regex", { kind: "regex", pattern: options.regex }]);
  if (options.grammar) sources.push(["grammar", { kind: options.grammar.syntax, text: options.grammar.text }]);
  if (options.choice) sources.push(["choice", { kind: "choice", texts: options.choice }]);
  const [first, second] = sources;
  if (second) {
    throw withoutEffect(
      sources.map(([name]) => name),
      "an answer is held to one language",
      `Leave ${second[0]} out.`,
    );
  }
  const { regex, grammar, choice, ...manner } = options;
  if (!first) {
    const idle = Object.keys(manner);
    if (idle.length > 0)
      throw withoutEffect(idle, "the answer is held to no language", "Give a schema, a regex, a grammar or a choice, or leave it out.");
    return undefined;
  }
  const [, source] = first;
  refuseIdle(source, manner);
  return {
    source,
    whitespace: manner.whitespace ?? "bounded",
    propertyOrder: manner.propertyOrder ?? "declared",
    checkAfter: manner.checkAfter ?? false,
    fastForward: manner.fastForward ?? false,
    ...(manner.after !== undefined && { after: manner.after }),
  };
}

function requireOptions(options: ConstraintOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) throw invalidParameter(`local.constraint.${name}`, "is not known", value);
    const option = name as keyof ConstraintOptions;
    if (!fits[option](value)) throw invalidParameter(`local.constraint.${name}`, `takes ${known[option]}`, value);
  }
}

function refuseIdle({ kind }: LanguageSource, { whitespace, propertyOrder, checkAfter }: ConstraintOptions): void {
  const isJson = kind === "json" || kind === "json-schema";
  const idle = [
    ...(whitespace !== undefined && !isJson ? ["whitespace"] : []),
    ...(propertyOrder !== undefined && kind !== "json-schema" ? ["propertyOrder"] : []),
    ...(checkAfter && kind !== "json-schema" ? ["checkAfter"] : []),
  ];
  if (idle.length > 0) throw withoutEffect(idle, `the language is given as ${kind === "json" ? "any JSON" : kind}`, "Leave it out.");
}

const withoutEffect = (parameters: string[], because: string, fix: string) =>
  new CutawayError("option-without-effect", `constraint: ${parameters.join(" and ")} cannot hold, ${because}`, { data: { parameters }, fix });

const isGrammar = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).every((name) => name === "syntax" || name === "text") &&
  "syntax" in value &&
  (value.syntax === "gbnf" || value.syntax === "lark") &&
  "text" in value &&
  isText(value.text);

function invalidParameter(name: string, rule: string, value: unknown): CutawayError {
  const given = (JSON.stringify(value) ?? String(value)).slice(0, 100);
  return new CutawayError("invalid-parameter", `${name} ${rule}; ${given} was given`, {
    data: { parameter: name },
    fix: `Give ${name} another value.`,
  });
}
