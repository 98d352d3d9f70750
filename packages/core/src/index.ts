export {
  type Alternative,
  type Answer,
  type BodyRefs,
  type BrokenRule,
  type Call,
  type CallError,
  type CallErrorKind,
  type Finish,
  type FinishReason,
  type HeldAnswer,
  type Instants,
  type LanguagePlace,
  type MaskReason,
  type ModelRef,
  type Notice,
  type Origin,
  type PromptToken,
  type RateLimit,
  type ResponseMeta,
  type SegmentKind,
  type StageReport,
  type TokenId,
  type TokenStep,
  type ToolCall,
  type Usage,
  type UsageCount,
  usageCounts,
} from "./call.ts";
export { type CallId, callIdTime, isCallId, newCallId } from "./call-id.ts";
export type { Constraint } from "./constraint.ts";
export type { Catalog, CatalogEntry, Cost, CostLine, ModelPrice, PromptSplit, Segment } from "./cost.ts";
export { type Durations, durationsOf, quantile } from "./durations.ts";
export { CutawayError, type ErrorDetails, type ErrorKind, isCutawayError } from "./errors.ts";
export type { CallEvent } from "./events.ts";
export type {
  Change,
  Evidence,
  Explanation,
  Facts,
  Finding,
  FindingFamily,
  Rule,
  RuleId,
  Severity,
  StripToken,
  TokenStrip,
  Verification,
} from "./finding.ts";
export { type CallFolder, type CallSeed, foldCall, startFold } from "./fold-call.ts";
export type { Activation, Activations, InsideRequest, InsideToken, Intervention, Probe } from "./inside.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
export type { ConstraintKind, ConstraintRun, LocalRun, SpecialToken } from "./local-run.ts";
export type { Access, EmbedOptions, Model, ScoredToken, ScoredTokens, ScoreOptions, Stepper } from "./model.ts";
export { type Random, seededRandom } from "./random.ts";
export type {
  ConstraintOptions,
  GrammarSyntax,
  LocalOptions,
  Message,
  Parameters,
  Part,
  Request,
  RequestFormat,
  Role,
  Tool,
  WireFormat,
} from "./request.ts";
export { type Span, spanLength } from "./span.ts";
export { bytesFromJson, callFromJson, callToJson, plain } from "./to-json.ts";
export type { EncodeOptions, OffsetUnit, Tokenizer, TokenizerFamily, TokenKind, TokenOffsets, TokenWithSpan } from "./tokenizer.ts";
export type {
  LatticeNode,
  TokenSearch,
  TokenTrace,
  TraceAddedToken,
  TraceMerge,
  TracePiece,
  TraceStretch,
  TraceSymbol,
  TraceText,
  TraceToken,
} from "./tokenizer-trace.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
