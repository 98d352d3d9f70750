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

/** The credentials a request carries, wherever clients put them. */
export function credentialsOf(headers: IncomingHttpHeaders, url: string): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (/auth|key|token|secret|cookie|password/.test(name))
      found.push(...[value].flat().flatMap((text) => [text ?? "", (text ?? "").replace(/^\S+\s+/, "")]));
  }
  const parsed = URL.parse(url, "http://localhost");
  for (const [name, value] of parsed?.searchParams ?? []) if (!keptOfQuery.has(name)) found.push(value);
  return [...new Set(found.filter((secret) => secret.length >= 8))].sort((a, b) => b.length - a.length);
}

/** Replaces the caller's own credentials in bytes about to be stored: a server that echoes a key back must not put it on disk. */
export function redactor(secrets: readonly string[]): (bytes: Uint8Array) => Uint8Array {
  const needles = secrets.map((secret) => Buffer.from(secret));
  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const hit = needles.filter((needle) => buffer.includes(needle));
    if (hit.length === 0) return bytes;
    const copy = Buffer.from(buffer);
    for (const needle of hit) {
      for (let at = copy.indexOf(needle); at >= 0; at = copy.indexOf(needle, at)) copy.fill("*", at, at + needle.length);
    }
    return new Uint8Array(copy);
  };
}
