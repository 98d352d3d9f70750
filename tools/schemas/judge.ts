import { isCutawayError } from "@cutaway/core";
import { compileSchema, Expressions, type SchemaOptions } from "@cutaway/grammar";

export interface Case {
  valid: boolean;
  data: unknown;
}

/** What compiling took: on the clock, and of this thread's own work (which the system counts in steps of some milliseconds). */
export interface Ms {
  wall: number;
  cpu: number;
}

export type Verdict =
  | { kind: "compiled"; accepted: boolean[]; ms: Ms }
  | { kind: "failed"; code: string; pointer: string; keyword: string; message: string; ms: Ms };

const now = (): Ms => {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
};

const since = (start: Ms, end = now()): Ms => ({ wall: end.wall - start.wall, cpu: end.cpu - start.cpu });

const encoder = new TextEncoder();

/** One schema, and what its grammar says of each text, byte by byte. */
export const judge = (schema: unknown, cases: readonly Case[], options: SchemaOptions): Verdict => {
  const started = now();
  let compiledAt = started;
  try {
    const expressions = new Expressions();
    const compiled = compileSchema(expressions, schema, options);
    const root = expressions.closed(compiled.node);
    compiledAt = now();
    const accepted = cases.map(({ data }) => expressions.matches(root, encoder.encode(JSON.stringify(data))));
    return { kind: "compiled", accepted, ms: since(started, compiledAt) };
  } catch (error) {
    const ms = since(started);
    if (!isCutawayError(error)) {
      return {
        kind: "failed",
        code: "crash",
        pointer: "",
        keyword: "",
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        ms,
      };
    }
    const { pointer = "", keyword = "" } = error.data as { pointer?: string; keyword?: string };
    return { kind: "failed", code: error.code, pointer, keyword, message: error.message, ms };
  }
};
