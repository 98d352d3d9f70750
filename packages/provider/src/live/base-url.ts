import { CutawayError, type WireFormat } from "@cutaway/core";

const defaults: Record<WireFormat, string> = {
  "openai-chat": "https://api.openai.com/v1",
  "openai-responses": "https://api.openai.com/v1",
  "anthropic-messages": "https://api.anthropic.com/v1",
};

const paths: Record<WireFormat, string> = { "openai-chat": "/chat/completions", "openai-responses": "/responses", "anthropic-messages": "/messages" };

/**
 * The URL to post to. A base may end with `/v1` or without it, or be the full path already.
 * throws `base-url-invalid`, `key-in-url`: a key in a URL ends up in logs and stores
 */
export function endpointOf(format: WireFormat, base: string | undefined): URL {
  let url: URL;
  try {
    url = new URL(base ?? defaults[format]);
  } catch {
    throw new CutawayError("base-url-invalid", "the base URL is not a URL", { fix: "Give one like http://127.0.0.1:8000/v1." });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new CutawayError("base-url-invalid", `the base URL begins with ${url.protocol}, not http: or https:`, {
      fix: "Give one like http://127.0.0.1:8000/v1.",
    });
  const isSecret = (name: string) => /key|token|secret|password|auth|sig/i.test(name);
  if (url.username || url.password || [...url.searchParams.keys()].some(isSecret)) {
    throw new CutawayError("key-in-url", `the base URL for ${url.host} carries a credential`, {
      fix: "Put the key into OPENAI_API_KEY, ANTHROPIC_API_KEY or AZURE_OPENAI_API_KEY and leave it out of the URL.",
    });
  }
  const path = url.pathname.replace(/\/+$/, "");
  if (path.endsWith(paths[format])) url.pathname = path;
  else if (path === "") url.pathname = `/v1${paths[format]}`;
  else if (path.endsWith("/anthropic") && format === "anthropic-messages") url.pathname = `${path}/v1${paths[format]}`;
  else url.pathname = `${path}${paths[format]}`;
  return url;
}
