import type { Finish, FinishReason, JsonObject, JsonValue } from "@cutaway/core";
import { filledOf, objectOf } from "../json/fields.ts";

/**
 * How a choice ended, or undefined while it has not. `raw` is the server's own word.
 * vLLM (`stop_reason`) and SGLang (`matched_stop`) name the stop string; a number there is the end-of-text token.
 * promptFilter  Azure's filter results of the prompt, which come in a chunk of their own
 */
export function decodeFinish(choice: JsonObject, promptFilter?: JsonValue): Finish | undefined {
  const raw = filledOf(choice.finish_reason);
  if (raw === undefined) return undefined;
  const finish: Finish = { reason: reasons.get(raw.toLowerCase()) ?? "unknown", raw };
  const matched = filledOf(choice.stop_reason) ?? filledOf(choice.matched_stop);
  if (finish.reason === "stop" && matched !== undefined) {
    finish.reason = "stop-sequence";
    finish.stopSequence = matched;
  }
  const details: JsonObject = {};
  const filter = objectOf(choice.content_filter_results);
  if (filter && Object.keys(filter).length > 0) details.content_filter_results = filter;
  if (promptFilter !== undefined && promptFilter !== null) details.prompt_filter_results = promptFilter;
  if (Object.keys(details).length > 0) finish.details = details;
  return finish;
}

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop-sequence"],
  ["length", "output-cap"],
  ["max_tokens", "output-cap"],
  ["model_length", "context-full"],
  ["tool_calls", "tool-use"],
  ["function_call", "tool-use"],
  ["tool_use", "tool-use"],
  ["content_filter", "content-filter"],
  ["safety", "content-filter"],
  ["refusal", "refusal"],
  ["abort", "cancelled"],
  ["cancelled", "cancelled"],
  ["error", "error"],
  ["insufficient_system_resource", "error"],
]);
