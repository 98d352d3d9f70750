import type { Call, CallError, Finish, HeldAnswer, ModelRef, Notice, PromptToken, ResponseMeta, TokenStep, Usage } from "./call.ts";
import type { JsonValue } from "./json.ts";
import type { LocalRun } from "./local-run.ts";
import type { Request, RequestFormat } from "./request.ts";

/**
 * What is observed of a call, in the order in which it is observed. Sockets, the proxy, files and the local model all speak it.
 * `at` is milliseconds after `issued`; absent where no clock ran (a file).
 * `answer` is the index of the choice, `call` the index of the tool call within the answer.
 */
export type CallEvent =
  | { type: "call-start"; model: ModelRef; format?: RequestFormat; request?: Request; issued?: number; trace?: Call["trace"] }
  /** The prompt as a local model reads it, and what the runtime did to get there. */
  | { type: "prompt-tokens"; tokens: PromptToken[] }
  | { type: "local-run"; run: LocalRun }
  | { type: "connected"; at: number; reused?: boolean }
  | { type: "headers-received"; at?: number; response: ResponseMeta }
  | { type: "chunk-received"; at: number; bytes: number }
  | { type: "response-start"; at?: number; format?: RequestFormat; model?: string; response: ResponseMeta }
  | { type: "text-delta"; answer: number; text: string; at?: number }
  | { type: "reasoning-delta"; answer: number; text: string; at?: number }
  | { type: "refusal-delta"; answer: number; text: string; at?: number }
  | { type: "tool-call-start"; answer: number; call: number; id?: string; name?: string; at?: number }
  | { type: "tool-call-delta"; answer: number; call: number; arguments: string; at?: number }
  | { type: "token-step"; answer: number; step: TokenStep }
  | { type: "other-output"; answer: number; name: string; json: JsonValue; at?: number }
  /** Counts merge into what is known; a later count replaces an earlier one. */
  | { type: "usage"; usage: Usage }
  | { type: "answer-finish"; answer: number; finish: Finish; held?: HeldAnswer; at?: number }
  | { type: "call-error"; error: CallError; at?: number }
  | { type: "notice"; notice: Notice }
  /** The wire format's own terminal marker, or the end of a whole body: nothing is missing. */
  | { type: "response-end"; at?: number }
  /** The bytes stopped. Without a `response-end` before it, the answer was cut. */
  | { type: "closed"; at?: number; by: "server" | "client" };
