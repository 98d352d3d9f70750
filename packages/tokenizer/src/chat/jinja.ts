import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";

/** The package's type files name each other without extensions, which Node's module resolution does not follow: what is used of it is typed here. */
export interface JinjaEnvironment {
  set(name: string, value: unknown): unknown;
}

export interface JinjaValue {
  value: unknown;
}

/** A node of the parsed template; `iterable` where it is a loop, `lhs` in an iterable with a condition. */
export interface JinjaNode {
  type: string;
  iterable?: JinjaNode & { lhs?: JinjaNode };
}

export interface JinjaInterpreter {
  run(program: unknown): JinjaValue;
  evaluate(statement: JinjaNode | undefined, environment: JinjaEnvironment): JinjaValue;
}

export const JinjaEnvironment = Environment as unknown as new () => JinjaEnvironment;
export const JinjaInterpreter = Interpreter as unknown as new (environment: JinjaEnvironment) => JinjaInterpreter;
/** As transformers reads chat templates. */
export const parseTemplate = (template: string): unknown => parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }));
