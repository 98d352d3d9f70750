export { type Automaton, defaultLimits, Expressions, type Limits, type Node, type RuleOptions, type Source } from "./expressions/index.ts";
export { parseGbnf } from "./gbnf/index.ts";
export {
  type AnswerCheck,
  type AnswerFault,
  type CompiledSchema,
  checkAnswer,
  checkValue,
  compileSchema,
  type Deferred,
  type SchemaOptions,
  type ValueCheck,
  type Violation,
} from "./json-schema/index.ts";
export { type AskedLanguage, askedLanguage } from "./languages/asked-language.ts";
export { checkText, type TextCheck } from "./languages/check-text.ts";
export { compileLanguage } from "./languages/compile-language.ts";
export { type KeywordCount, keywordCounts } from "./languages/keyword-counts.ts";
export { placesOf, sayExpected } from "./languages/say-expected.ts";
export type { Language, LanguageReading, LanguageSource } from "./languages/source.ts";
export { type LarkOptions, parseLark } from "./lark/index.ts";
export { type CanonicalCheck, checkCanonical } from "./matcher/canonical.ts";
export { type KeptAlong, keptAlong, type RecordedStep, sourcesAlong, withoutKeyword } from "./matcher/counterfactual.ts";
export { type Distortion, distortionOf } from "./matcher/distortion.ts";
export type { Expected } from "./matcher/expected.ts";
export type { TokenExplanation, TokenPart } from "./matcher/explain.ts";
export { type FastForward, fastForward } from "./matcher/fast-forward.ts";
export { afterFreeText, type Marker } from "./matcher/free-text.ts";
export { type CompiledGrammar, createGrammar, type Grammar, type GrammarOptions } from "./matcher/grammar.ts";
export type { GrammarState } from "./matcher/grammar-state.ts";
export { afterPrefix, type HealedPrompt, healPrompt } from "./matcher/heal.ts";
export { type NumberSet, writeNumber } from "./numbers/index.ts";
export { type RegexFlags, regexText } from "./regex/index.ts";
export { formatNames, formatText, matchesText, oneOf, type Text, writeJsonString, writePlain } from "./text/index.ts";
export { type TokenSource, type Vocabulary, vocabularyOf } from "./vocabulary/vocabulary.ts";
