export type { Codec, HttpContext, RequestContext, StreamDecoder, StreamPayload } from "./codec.ts";
export { codecs, wireFormatOf } from "./codecs.ts";
export { encodeAnswer } from "./encode-answer.ts";
export { errorIn } from "./errors/call-error.ts";
export { errorKind } from "./errors/error-kind.ts";
export { type Exchange, type ExchangeStart, startExchange } from "./exchange/start-exchange.ts";
export { redactUrl } from "./headers/redact-url.ts";
export { credentialsOf, environmentKeys, harmlessParameters, type Redactor, redactor } from "./headers/redactor.ts";
export { type BodyKind, identifyBody } from "./identify/by-body.ts";
export { identifyUrl, type UrlFacts } from "./identify/by-url.ts";
export type { Identified } from "./identify/identified.ts";
export { eventsOfCall } from "./input/events-of-call.ts";
export type { InputItem } from "./input/input-item.ts";
export { readInput } from "./input/read-input.ts";
export { toCaseFile } from "./input/to-case-file.ts";
export { keyVariables } from "./live/api-key.ts";
export { type LiveOptions, liveModel } from "./live/live-model.ts";
export type { StructuredOutputFinding } from "./structured-output/finding.ts";
export {
  type StructuredOutput,
  type StructuredOutputTarget,
  structuredOutput,
  structuredOutputTargets,
} from "./structured-output/structured-output.ts";
export { structuredText, type TextLanguage } from "./structured-output/structured-text.ts";
