import { Expressions } from "../../src/index.ts";
import { type CompiledSchema, compileSchema, type SchemaOptions } from "../../src/json-schema/index.ts";

/** A schema's grammar, to ask it about texts and values. */
export interface Accepts {
  compiled: CompiledSchema;
  expressions: Expressions;
  text(text: string): boolean;
  value(value: unknown): boolean;
}

export const accepts = (schema: unknown, options: SchemaOptions = {}): Accepts => {
  const { milliseconds } = options.limits ?? {};
  const expressions = new Expressions(milliseconds === undefined ? {} : { milliseconds });
  const compiled = compileSchema(expressions, schema, options);
  const node = expressions.closed(compiled.node);
  const text = (one: string): boolean => expressions.matches(node, new TextEncoder().encode(one));
  return { compiled: { ...compiled, node }, expressions, text, value: (value) => text(JSON.stringify(value)) };
};
