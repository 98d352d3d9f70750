import type { Finish, FinishReason, JsonObject } from "@cutaway/core";
import { filledOf, objectOf } from "../json/fields.ts";

/** How a message ended; `fields` is the message, or the `delta` of `message_delta`. Undefined while it has not ended. */
export function decodeFinish(fields: JsonObject): Finish | undefined {
  const raw = filledOf(fields.stop_reason);
  if (raw === undefined) return undefined;
  const finish: Finish = { reason: reasons.get(raw) ?? "unknown", raw };
  const stopSequence = filledOf(fields.stop_sequence);
  if (stopSequence !== undefined) finish.stopSequence = stopSequence;
  const details = objectOf(fields.stop_details);
  if (details) finish.details = details;
  return finish;
}

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop-sequence"],
  ["max_tokens", "output-cap"],
  ["model_context_window_exceeded", "context-full"],
  ["tool_use", "tool-use"],
  ["pause_turn", "paused"],
  ["compaction", "paused"],
  ["refusal", "refusal"],
]);
