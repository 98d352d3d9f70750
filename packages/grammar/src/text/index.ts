export { formatNames, formatText } from "./formats.ts";
export type { Spelling } from "./json-escapes.ts";
export { oneOf } from "./one-of.ts";
export type { ScalarRange } from "./ranges.ts";
export {
  allText,
  anyScalar,
  both,
  choice,
  empty,
  isNullable,
  length,
  literal,
  not,
  nothing,
  optional,
  repeat,
  scalars,
  sequence,
  type Text,
  without,
} from "./text.ts";
export { isEmptyText, matchesText, writeJsonString, writePlain } from "./write.ts";
