import { CutawayError, type WireFormat } from "@cutaway/core";

/** Which environment variable holds the key of a format. */
export const keyVariables: Record<WireFormat, string> = {
  "openai-chat": "OPENAI_API_KEY",
  "openai-responses": "OPENAI_API_KEY",
  "anthropic-messages": "ANTHROPIC_API_KEY",
};

/** Azure's own paths and hosts: their key is another than OpenAI's, and goes by another header. */
export const isAzure = ({ hostname, pathname }: URL): boolean =>
  /\.(?:openai|cognitiveservices)\.azure\.com$/.test(hostname) || pathname.includes("/openai/deployments/");

/**
 * The headers that authenticate a call, from the environment and nowhere else. Servers on this machine need no key.
 * throws `key-missing`, `key-invalid`
 */
export function authHeaders(format: WireFormat, url: URL, environment: Record<string, string | undefined>): Record<string, string> {
  const azure = isAzure(url);
  const variable = azure ? "AZURE_OPENAI_API_KEY" : keyVariables[format];
  const key = environment[variable]?.trim();
  if (!key) {
    if (isLoopback(url.hostname)) return {};
    throw new CutawayError("key-missing", `a live call to ${url.host} needs ${variable}, which is not set`, {
      kind: "auth",
      fix: `Set ${variable} in the environment and run again.`,
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new CutawayError("key-invalid", `${variable} holds characters that a header cannot carry`, {
      kind: "auth",
      fix: `Set ${variable} again: it may hold a line break or a quote.`,
    });
  if (azure) return { "api-key": key };
  return format === "anthropic-messages" ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
}

const isLoopback = (host: string) => host === "localhost" || host === "[::1]" || /^127\./.test(host);
