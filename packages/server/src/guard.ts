import type { IncomingMessage } from "node:http";
import { CutawayError } from "@cutaway/core";

/** The names under which a browser or client on this machine reaches the port; exact, so that a rebound DNS name is none of them. */
export function ownHosts(port: number): ReadonlySet<string> {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  return new Set([...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])]);
}

/**
 * Why a request is not served, or undefined. Every request is checked, also those that are passed on:
 * a web page elsewhere must neither read the calls nor spend through the proxy.
 */
export function refusalOf(request: IncomingMessage, hosts: ReadonlySet<string>): CutawayError | undefined {
  const { host, origin } = request.headers;
  const isOurs = host !== undefined && hosts.has(host.toLowerCase()) && countOf(request.rawHeaders, "host") === 1;
  if (!isOurs) {
    return new CutawayError("foreign-host", `the request names the host ${shown(host)}; this server answers only to ${[...hosts].join(", ")}`, {
      fix: "Use the address that Cutaway printed.",
    });
  }
  if (!request.url?.startsWith("/")) {
    return new CutawayError("not-a-forward-proxy", "the request asks for a whole URL, as of a forward proxy", {
      fix: "Set the base URL of the client to Cutaway's address instead of HTTP_PROXY.",
    });
  }
  if (origin !== undefined && !hosts.has(origin.replace(/^http:\/\//, "").toLowerCase())) {
    return new CutawayError("foreign-origin", `the request comes from a web page of ${shown(origin)}`, {
      fix: "Call the model from a server or a script; pages of other origins are refused.",
    });
  }
  if (request.headers["sec-fetch-site"] === "cross-site" && request.headers["sec-fetch-mode"] !== "navigate") {
    return new CutawayError("foreign-origin", "the request comes from a web page of another site");
  }
  return undefined;
}

const countOf = (rawHeaders: readonly string[], name: string): number =>
  rawHeaders.filter((header, i) => i % 2 === 0 && header.toLowerCase() === name).length;

const shown = (value: string | undefined): string => (value === undefined ? "(none)" : JSON.stringify(value.slice(0, 100)));
