/** Response headers that explain an answer. A list of what is kept, so that a header nobody thought of is never stored. */
const keptResponse =
  /^(?:content-type|content-encoding|date|server|retry-after|retry-after-ms|request-id|x-request-id|x-should-retry|openai-(?:processing-ms|version|model)|anthropic-ratelimit-[a-z0-9-]+|x-ratelimit-[a-z0-9-]+|cf-ray|cf-cache-status|x-envoy-upstream-service-time|x-amzn-requestid|x-amzn-bedrock-[a-z-]+|apim-request-id|x-ms-region|x-groq-region|x-kong-(?:request-id|proxy-latency|upstream-latency)|ratelimitbysize-[a-z-]+)$/;

/** Request headers that change an answer or say who sent it. Never credentials, cookies or organisation ids. */
const keptRequest =
  /^(?:content-type|accept|user-agent|anthropic-version|anthropic-beta|openai-beta|x-stainless-(?:retry-count|read-timeout|timeout|lang|package-version|runtime|helper-method)|x-cutaway-(?:session|tag))$/;

export type HeaderSource = Headers | Iterable<readonly [string, string]> | Record<string, unknown>;

/** Any spelling of headers as a record with lower-case names; several values of one name join with `, `. */
export function headerRecord(source: HeaderSource | undefined): Record<string, string> {
  if (!source) return {};
  const entries: Iterable<readonly [string, unknown]> =
    Symbol.iterator in source ? (source as Iterable<readonly [string, string]>) : Object.entries(source);
  const record = new Map<string, string>();
  for (const [name, value] of entries) {
    const text = Array.isArray(value)
      ? value.filter((item) => typeof item === "string").join(", ")
      : typeof value === "string" || typeof value === "number"
        ? String(value)
        : undefined;
    if (text === undefined) continue;
    const key = String(name).toLowerCase();
    const before = record.get(key);
    record.set(key, before === undefined ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(record);
}

export const keptResponseHeaders = (headers: Record<string, string>) => keep(headers, keptResponse);
export const keptRequestHeaders = (headers: Record<string, string>) => keep(headers, keptRequest);

function keep(headers: Record<string, string>, list: RegExp): Record<string, string> | undefined {
  const kept = Object.entries(headers).filter(([name]) => list.test(name));
  return kept.length > 0 ? Object.fromEntries(kept.map(([name, value]) => [name, value.slice(0, 2000)])) : undefined;
}
