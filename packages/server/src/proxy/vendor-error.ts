import type { Upstream } from "./upstream.ts";

/** The body of a 502, shaped as the vendor's own errors, so that its SDK shows the message. */
export function upstreamFailure(upstream: Upstream, error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const why = code && !error.message.includes(code) ? `${error.message} (${code})` : error.message || code || "no reason given";
  const message = `Cutaway could not reach the upstream ${upstream.base}: ${why}`;
  const body =
    upstream.vendor === "anthropic"
      ? { type: "error", error: { type: "api_error", message } }
      : { error: { message, type: "upstream_error", param: null, code: "upstream_unreachable" } };
  return JSON.stringify(body);
}
