import { isJsonObject, type JsonValue, type Usage } from "@cutaway/core";
import { countAt, usageFrom } from "../shared/usage-from.ts";

/** `usage` of the Responses API. `input_tokens` already includes what was cached, `output_tokens` includes reasoning. */
export function decodeUsage(json: JsonValue | undefined): Usage {
  if (!isJsonObject(json)) return {};
  return usageFrom(
    {
      inputTokens: countAt(json, "input_tokens"),
      outputTokens: countAt(json, "output_tokens"),
      totalTokens: countAt(json, "total_tokens"),
      cacheReadTokens: countAt(json, "input_tokens_details.cached_tokens"),
      cacheWriteTokens: countAt(json, "input_tokens_details.cache_write_tokens"),
      reasoningTokens: countAt(json, "output_tokens_details.reasoning_tokens"),
      inputAudioTokens: countAt(json, "input_tokens_details.audio_tokens"),
      outputAudioTokens: countAt(json, "output_tokens_details.audio_tokens"),
      inputImageTokens: countAt(json, "input_tokens_details.image_tokens"),
      webSearches: countAt(json, "server_side_tool_usage_details.web_search_calls"),
    },
    json,
  );
}
