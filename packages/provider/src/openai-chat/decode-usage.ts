import { isJsonObject, type JsonValue, type Usage } from "@cutaway/core";
import { countAt, usageFrom } from "../shared/usage-from.ts";

/**
 * `usage` of a chat completion, in the spellings of the servers that speak this format. `prompt_tokens` already includes what was cached.
 * xAI counts reasoning beside `completion_tokens`: where the total shows it, reasoning is added to the output.
 */
export function decodeUsage(json: JsonValue | undefined): Usage {
  if (!isJsonObject(json)) return {};
  const input = countAt(json, "prompt_tokens");
  const completion = countAt(json, "completion_tokens");
  const total = countAt(json, "total_tokens");
  const reasoning = countAt(json, "completion_tokens_details.reasoning_tokens", "reasoning_tokens");
  const isApart =
    reasoning !== undefined && reasoning > 0 && input !== undefined && completion !== undefined && total === input + completion + reasoning;
  return usageFrom(
    {
      inputTokens: input,
      outputTokens: isApart ? completion + reasoning : completion,
      totalTokens: total,
      cacheReadTokens: countAt(
        json,
        "prompt_tokens_details.cached_tokens",
        "prompt_token_details.cached_tokens",
        "prompt_cache_hit_tokens",
        "num_cached_tokens",
        "cached_tokens",
        "cached_prompt_text_tokens",
        "cache_read_input_tokens",
      ),
      cacheWriteTokens: countAt(
        json,
        "prompt_tokens_details.cache_write_tokens",
        "prompt_tokens_details.cache_creation_input_tokens",
        "cache_creation_input_tokens",
      ),
      reasoningTokens: reasoning,
      inputAudioTokens: countAt(json, "prompt_tokens_details.audio_tokens", "audio_prompt_tokens"),
      outputAudioTokens: countAt(json, "completion_tokens_details.audio_tokens"),
      inputImageTokens: countAt(json, "prompt_tokens_details.image_tokens"),
      acceptedPredictionTokens: countAt(json, "completion_tokens_details.accepted_prediction_tokens"),
      rejectedPredictionTokens: countAt(json, "completion_tokens_details.rejected_prediction_tokens"),
      webSearches: countAt(json, "server_tool_use.web_search_requests", "num_search_queries"),
    },
    json,
  );
}
