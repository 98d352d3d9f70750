/** About one connection, not about the message: RFC 9110, section 7.6.1. `expect` is answered by the server that receives it. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers as they arrived, in their order and case, as [name, value, name, value, …], less those of the connection. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  const named = new Set(hopByHop);
  for (const [name, value] of pairs(rawHeaders)) {
    if (name.toLowerCase() === "connection") for (const token of value.split(",")) named.add(token.trim().toLowerCase());
  }
  return pairs(rawHeaders).flatMap(([name, value]) => (named.has(name.toLowerCase()) ? [] : [name, value]));
}

/** The client's headers as the upstream gets them: its own host, and nothing that was meant for Cutaway. */
export function requestHeaders(rawHeaders: readonly string[], host: string): string[] {
  return pairs(endToEnd(rawHeaders)).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === "host") return [name, host];
    return lower === "expect" || lower.startsWith("x-cutaway-") ? [] : [name, value];
  });
}

export function pairs(rawHeaders: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: rawHeaders.length >> 1 }, (_, i) => [rawHeaders[2 * i] as string, rawHeaders[2 * i + 1] as string]);
}
