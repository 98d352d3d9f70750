import { type Call, CutawayError } from "@cutaway/core";
import { shellQuoted } from "../render/set-arguments.ts";

const official = new Set(["api.openai.com", "api.anthropic.com"]);
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Where a replay goes: where the user says, else where the call went. A key goes with it, so the address in a recording that came
 * as a file is followed only to the provider itself or to this machine; undefined means the provider's own address.
 */
export function baseUrlFor(call: Call, given: string | undefined): string | undefined {
  if (given !== undefined) return given;
  const recorded = call.request?.url;
  if (recorded === undefined || !URL.canParse(recorded)) return undefined;
  const url = new URL(recorded);
  if (official.has(url.hostname)) return undefined;
  const version = url.searchParams.get("api-version");
  const query = version === null ? "" : `?api-version=${encodeURIComponent(version)}`;
  const base = `${url.origin}${url.pathname.replace(/\/(chat\/completions|responses|messages)\/?$/, "")}${query}`;
  const ours = call.origin.kind === "proxy" || call.origin.kind === "live";
  if (ours || loopback.has(url.hostname)) return base;
  throw new CutawayError("untrusted-url", `the recording says it was sent to ${url.origin}, and a replay would send your key there`, {
    fix: `If that is right, add --base-url ${shellQuoted(base)}`,
  });
}
