import type { IncomingHttpHeaders } from "node:http";

/**
 * What the recorder may know of headers. An allow-list: a header that is not here is never stored, whatever it is called.
 */
const keptOfRequest =
  /^(?:accept|content-type|content-encoding|user-agent|anthropic-version|anthropic-beta|openai-beta|x-stainless-[a-z-]+|x-client-request-id)$/;
const keptOfResponse =
  /^(?:content-type|content-encoding|content-length|date|server|retry-after|retry-after-ms|x-should-retry|x-request-id|request-id|openai-(?:processing-ms|version|model)|x-ratelimit-[a-z-]+|anthropic-ratelimit-[a-z-]+|cf-ray|via)$/;

export const keptRequestHeaders = (headers: IncomingHttpHeaders): Record<string, string> => kept(headers, keptOfRequest);
export const keptResponseHeaders = (headers: IncomingHttpHeaders): Record<string, string> => kept(headers, keptOfResponse);

function kept(headers: IncomingHttpHeaders, names: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value !== undefined && names.test(name) ? [[name, Array.isArray(value) ? value.join(", ") : value]] : [],
    ),
  );
}

/** Query parameters that are not credentials; others are recorded with their name alone. */
const keptOfQuery = new Set(["api-version", "beta", "stream", "limit", "order", "after", "before", "timeout"]);

/** The URL as it may be stored: values of unknown query parameters and the fragment are left out. */
export function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return "";
  for (const name of [...parsed.searchParams.keys()]) if (!keptOfQuery.has(name)) parsed.searchParams.set(name, "redacted");
  parsed.username = parsed.password = parsed.hash = "";
  return parsed.href;
}
