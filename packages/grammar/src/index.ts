export { type Automaton, defaultLimits, Expressions, type Limits, type Node, type RuleOptions, type Source } from "./expressions/index.ts";
