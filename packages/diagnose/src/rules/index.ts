import type { Rule } from "@cutaway/core";
import { capTooLarge } from "./context-cap-too-large.ts";
import { errorText } from "./context-error-text.ts";
import { promptTooLarge } from "./context-prompt-too-large.ts";
import { truncated } from "./context-truncated.ts";
import { unreadTail } from "./context-unread-tail.ts";
import { cacheMiss } from "./cost-cache-miss.ts";
import { capReservation } from "./cost-cap-reservation.ts";
import { duplicatePrompt } from "./cost-duplicate-prompt.ts";
import { retried } from "./cost-retried.ts";
import { unusedTools } from "./cost-unused-tools.ts";
import { cancelled } from "./cut-cancelled.ts";
import { contextFull } from "./cut-context-full.ts";
import { noTerminal } from "./cut-no-terminal.ts";
import { outputCap } from "./cut-output-cap.ts";
import { paused } from "./cut-paused.ts";
import { reasoningAteBudget } from "./cut-reasoning-ate-budget.ts";
import { stopSequence } from "./cut-stop-sequence.ts";
import { authentication } from "./error-authentication.ts";
import { inStream } from "./error-in-stream.ts";
import { notFound } from "./error-not-found.ts";
import { overloaded } from "./error-overloaded.ts";
import { request } from "./error-request.ts";
import { server } from "./error-server.ts";
import { unsupportedParameter } from "./error-unsupported-parameter.ts";
import { lowConfidence } from "./invention-low-confidence.ts";
import { quota } from "./limit-quota.ts";
import { rate } from "./limit-rate.ts";
import { requestTooLarge } from "./limit-request-too-large.ts";
import { repetition } from "./loop-repetition.ts";
import { unlikelyToken } from "./random-unlikely-token.ts";
import { varies } from "./random-varies.ts";
import { contentFilter } from "./refusal-content-filter.ts";
import { refused } from "./refusal-refused.ts";
import { firstToken } from "./slow-first-token.ts";
import { stall } from "./slow-stall.ts";
import { invalidJson } from "./structure-invalid-json.ts";
import { toolArguments } from "./structure-tool-arguments.ts";
import { boundary } from "./tokens-boundary.ts";
import { doubledBos } from "./tokens-doubled-bos.ts";
import { doubledTemplate } from "./tokens-doubled-template.ts";
import { missingBos } from "./tokens-missing-bos.ts";
import { mojibake } from "./tokens-mojibake.ts";
import { replacementCharacter } from "./tokens-replacement-character.ts";
import { specialInMessage } from "./tokens-special-in-message.ts";
import { tokenizerMismatch } from "./tokens-tokenizer-mismatch.ts";
import { trailingSpace } from "./tokens-trailing-space.ts";
import { wrongTemplate } from "./tokens-wrong-template.ts";

/** Every rule. Of findings equally grave and equally sure, the earlier rule's is shown first: causes stand before what they cause. */
export const rules: readonly Rule[] = [
  quota,
  requestTooLarge,
  rate,
  promptTooLarge,
  capTooLarge,
  errorText,
  authentication,
  notFound,
  unsupportedParameter,
  overloaded,
  server,
  trailingSpace,
  request,
  inStream,
  contentFilter,
  truncated,
  unreadTail,
  wrongTemplate,
  doubledTemplate,
  specialInMessage,
  tokenizerMismatch,
  doubledBos,
  missingBos,
  unlikelyToken,
  refused,
  repetition,
  reasoningAteBudget,
  contextFull,
  outputCap,
  stopSequence,
  noTerminal,
  cancelled,
  paused,
  toolArguments,
  invalidJson,
  mojibake,
  replacementCharacter,
  boundary,
  varies,
  lowConfidence,
  cacheMiss,
  duplicatePrompt,
  unusedTools,
  retried,
  capReservation,
  firstToken,
  stall,
];
