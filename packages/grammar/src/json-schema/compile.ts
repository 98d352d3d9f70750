import type { Expressions, Node } from "../expressions/index.ts";
import { located, schemaTooLarge, unsatisfiable } from "./errors.ts";
import { readAll } from "./lower/reach.ts";
import { Writer } from "./lower/writer.ts";
import type { Deferred, SchemaOptions } from "./options.ts";
import { Schema } from "./schema.ts";

export interface CompiledSchema {
  /** The JSON texts that are valid. */
  readonly node: Node;
  /** What the grammar leaves to be checked when the answer is there; empty: a text is of the grammar if and only if it is valid. */
  readonly checkedAfter: readonly Deferred[];
  /** What was read and has no effect, formats that are not known. */
  readonly notices: readonly Deferred[];
}

/**
 * A JSON Schema (2020-12, or draft 7 and before) → the JSON texts that are valid under it.
 * @param schema the schema as a JSON value
 * @throws `schema-invalid` for what is no schema, `schema-unsupported` with the pointer and keyword that cannot be enforced (unless `checkAfter`),
 *   `schema-too-large` and `grammar-too-large` where a limit is reached, `schema-unsatisfiable` if no value is valid
 */
export const compileSchema = (expressions: Expressions, schema: unknown, options: SchemaOptions = {}): CompiledSchema => {
  try {
    return located([{ pointer: "" }], () => compile(expressions, schema, options));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw schemaTooLarge("", undefined, "it is nested too deeply");
  }
};

const compile = (expressions: Expressions, schema: unknown, options: SchemaOptions): CompiledSchema => {
  const read = new Schema(schema, expressions, options);
  const writer = new Writer(expressions, read);
  readAll(read, writer);
  if (read.isEmpty(read.root)) throw unsatisfiable();
  const node = expressions.sequence(writer.layout.around, writer.value(read.root), writer.layout.around);
  read.budget.compiled();
  return { node, checkedAfter: read.deferred, notices: read.notices };
};
