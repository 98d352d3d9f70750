import { isJsonObject, type JsonValue, type Usage } from "@cutaway/core";
import { countAt, usageFrom } from "../shared/usage-from.ts";

/**
 * `usage` of a message. Anthropic's `input_tokens` leaves out what was read from and written to the cache: both are added.
 * The split of the writes by lifetime is dropped where it does not add up to their sum: a stream restates the sum and not the split.
 */
export function decodeUsage(json: JsonValue | undefined): Usage {
  if (!isJsonObject(json)) return {};
  const uncached = countAt(json, "input_tokens");
  const read = countAt(json, "cache_read_input_tokens");
  const short = countAt(json, "cache_creation.ephemeral_5m_input_tokens");
  const long = countAt(json, "cache_creation.ephemeral_1h_input_tokens");
  const split = short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0);
  const write = countAt(json, "cache_creation_input_tokens") ?? split;
  const isConsistent = split !== undefined && split === write;
  return usageFrom(
    {
      inputTokens: uncached === undefined ? undefined : uncached + (read ?? 0) + (write ?? 0),
      outputTokens: countAt(json, "output_tokens"),
      cacheReadTokens: read,
      cacheWriteTokens: write,
      cacheWrite5mTokens: isConsistent ? short : undefined,
      cacheWrite1hTokens: isConsistent ? long : undefined,
      reasoningTokens: countAt(json, "output_tokens_details.thinking_tokens"),
      webSearches: countAt(json, "server_tool_use.web_search_requests"),
    },
    json,
  );
}
