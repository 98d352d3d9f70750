export { afterMask } from "./after-mask.ts";
export { type ContextNumbers, contextNumbers } from "./context-numbers.ts";
export {
  type AnswerDiff,
  type CallDiff,
  diffCalls,
  type FirstCharacter,
  type FirstField,
  type FirstToken,
  type TokenHere,
} from "./diff-calls.ts";
export { diffValues, type FieldDifference } from "./diff-values.ts";
export { type Distortion, distortionOf, grammarStage, type MaskedStep } from "./distortion.ts";
export { type FoundJson, findJson } from "./find-json.ts";
export { findLoop, type Loop, type LoopKind } from "./find-loop.ts";
export { findMojibake, type Mojibake, repairMojibake } from "./find-mojibake.ts";
export { firstDifference } from "./first-difference.ts";
export { fisherExact, type Tail } from "./fisher-exact.ts";
export type { HitCount } from "./hit-count.ts";
export { type JsonNode, jsonNodes } from "./json-nodes.ts";
export { looksLikeCode } from "./looks-like-code.ts";
export { type UnsureOptions, type UnsureSpan, unsureSpans } from "./low-confidence.ts";
export { type Misfit, type MisfitOptions, misfits } from "./misfits.ts";
export { pairedDifference } from "./paired-difference.ts";
export { type PeriodicRun, periodicRuns } from "./periodic-runs.ts";
export { highestRateWithoutHits, type Interval, newcombeInterval, wilsonInterval } from "./proportion-interval.ts";
export { type RefusalWording, refusalWording } from "./refusal-wording.ts";
export { type RepeatedSentences, repeatedSentences } from "./repeated-sentences.ts";
export { type JsonBreak, type JsonBreakReason, type JsonScan, type JsonScanner, type ScanOptions, scanJson, startJsonScan } from "./scan-json.ts";
export { studentQuantile } from "./student-quantile.ts";
export { suffixRun } from "./suffix-run.ts";
export { type BleuOptions, bleu, selfBleu } from "./text/bleu.ts";
export { distinctN } from "./text/distinct-n.ts";
export { lengthsOf, type TextLengths } from "./text/lengths.ts";
export { type RepetitionRates, repetitionRates } from "./text/repetition-rates.ts";
export { type EntropyProfile, entropyProfile, perplexityOf } from "./text/step-profile.ts";
export { wordsOf } from "./text/words.ts";
