import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { CutawayError, type WireFormat } from "@cutaway/core";

export type Vendor = "openai" | "anthropic";

/** Where requests of one vendor go. */
export interface Upstream {
  vendor: Vendor;
  /** As configured, without a trailing slash. */
  base: string;
  url: URL;
  request: typeof httpRequest;
  agent: HttpAgent;
}

export const defaultUpstreams: Record<Vendor, string> = { openai: "https://api.openai.com", anthropic: "https://api.anthropic.com" };

/** @throws `invalid-upstream` */
export function openUpstream(vendor: Vendor, base: string): Upstream {
  const url = URL.parse(base);
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw invalid(vendor, `${JSON.stringify(base)} is not an http or https URL`, `Give one such as ${defaultUpstreams[vendor]}.`);
  }
  if (url.username || url.password) throw invalid(vendor, "it holds a user name or password", "Send credentials in the client's headers.");
  if (url.search || url.hash) throw invalid(vendor, "it holds a query or fragment", "Give only scheme, host and path.");
  const secure = url.protocol === "https:";
  const options = { keepAlive: true, ...(!isHere(url) && { proxyEnv: process.env }) };
  return {
    vendor,
    base: url.href.replace(/\/+$/, ""),
    url,
    request: secure ? httpsRequest : httpRequest,
    agent: secure ? new HttpsAgent(options) : new HttpAgent(options),
  };
}

/**
 * A proxy that calls itself passes one request round and round. Checked when the port is known: 0 takes a free one.
 * @throws `invalid-upstream`
 */
export function refuseOwnPort({ vendor, url }: Upstream, port: number): void {
  const asked = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (asked !== port || !(isHere(url) || /^(?:127\.|0\.0\.0\.0$|\[::\]$)/.test(url.hostname))) return;
  throw invalid(
    vendor,
    `${url.origin} is Cutaway itself, which would call itself without end`,
    "Give the address of the API, or choose another --port.",
  );
}

const isHere = (url: URL): boolean => ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);

const invalid = (vendor: Vendor, why: string, fix: string) => new CutawayError("invalid-upstream", `the upstream for ${vendor}: ${why}`, { fix });

/** `/v1/messages…` and whatever carries Anthropic's headers goes to Anthropic, the rest to OpenAI. */
export function vendorOf(request: IncomingMessage): Vendor {
  if (/^\/v1\/messages(?:[/?]|$)/.test(request.url ?? "")) return "anthropic";
  return "anthropic-version" in request.headers || "x-api-key" in request.headers ? "anthropic" : "openai";
}

/** The path to ask the upstream for. A base that ends in `/v1`, as many are written, replaces the `/v1` of the path. */
export function pathAt(upstream: Upstream, path: string): string {
  const base = upstream.url.pathname.replace(/\/+$/, "");
  return base.endsWith("/v1") ? base + path.slice("/v1".length) : base + path;
}

/** Where live calls of a wire format go, when they go the way of the proxy's. */
export const endpointAt = (upstream: Upstream, format: WireFormat): string => upstream.url.origin + pathAt(upstream, paths[format]);

const paths: Record<WireFormat, string> = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "anthropic-messages": "/v1/messages",
};
