export { type AnswerCheck, type AnswerFault, checkAnswer } from "./check/answer.ts";
export { checkValue, type ValueCheck, type Violation } from "./check/index.ts";
export { type CompiledSchema, compileSchema } from "./compile.ts";
export type { Dialect } from "./dialect.ts";
export type { Deferred, SchemaLimits, SchemaOptions } from "./options.ts";
