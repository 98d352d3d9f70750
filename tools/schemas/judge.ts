import { isCutawayError } from "@cutaway/core";
import { compileSchema, Expressions, type SchemaOptions } from "@cutaway/grammar";

export interface Case {
  valid: boolean;
  data: unknown;
}

export type Verdict =
  | { kind: "compiled"; accepted: boolean[]; notices: number; milliseconds: number }
  | { kind: "failed"; code: string; pointer: string; keyword: string; message: string; milliseconds: number };

const encoder = new TextEncoder();

/** One schema, and what its grammar says of each text, byte by byte. */
export const judge = (schema: unknown, cases: readonly Case[], options: SchemaOptions): Verdict => {
  const started = performance.now();
  let compiledAt = started;
  try {
    const expressions = new Expressions();
    const compiled = compileSchema(expressions, schema, options);
    compiledAt = performance.now();
    const accepted = cases.map(({ data }) => expressions.matches(compiled.node, encoder.encode(JSON.stringify(data))));
    return { kind: "compiled", accepted, notices: compiled.notices.length, milliseconds: compiledAt - started };
  } catch (error) {
    const milliseconds = performance.now() - started;
    if (!isCutawayError(error)) {
      return {
        kind: "failed",
        code: "crash",
        pointer: "",
        keyword: "",
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        milliseconds,
      };
    }
    const { pointer = "", keyword = "" } = error.data as { pointer?: string; keyword?: string };
    return { kind: "failed", code: error.code, pointer, keyword, message: error.message, milliseconds };
  }
};
