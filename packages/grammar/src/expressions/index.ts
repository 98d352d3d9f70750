export type { Automaton } from "./automata.ts";
export { Expressions, type RuleOptions } from "./expressions.ts";
export type { Node, Source } from "./kinds.ts";
export { defaultLimits, type Limits } from "./limits.ts";
