import { type CallError, isCutawayError } from "@cutaway/core";

/** Why no answer came, with the host and what to check. Never holds headers or a key. */
export function networkError(error: unknown, host: string): CallError {
  const code = codeOf(error);
  const [kind, says] = wordings.get(code ?? "") ?? ["network", "the connection failed"];
  const detail = code ?? (isCutawayError(error) ? error.message : error instanceof Error ? error.message.slice(0, 200) : "unknown cause");
  return { kind, message: `${host}: ${says} (${detail})`, ...(code !== undefined && { code }) };
}

const wordings: ReadonlyMap<string, ["network" | "timeout", string]> = new Map([
  ["ECONNREFUSED", ["network", "nothing listens there; check that the server runs and that the port is right"]],
  ["ENOTFOUND", ["network", "the name does not resolve; check the base URL and the network"]],
  ["EAI_AGAIN", ["network", "the name cannot be resolved now; check the network and DNS"]],
  ["ECONNRESET", ["network", "the connection was reset; check a proxy or the server's log"]],
  ["UND_ERR_SOCKET", ["network", "the server closed the connection; check its log"]],
  ["EPIPE", ["network", "the server closed the connection while the request was sent; check its limits"]],
  ["ETIMEDOUT", ["timeout", "no connection in time; check the network and a firewall"]],
  ["UND_ERR_CONNECT_TIMEOUT", ["timeout", "no connection in time; check the network and a firewall"]],
  ["UND_ERR_HEADERS_TIMEOUT", ["timeout", "the server took the request and sent no answer in time"]],
  ["UND_ERR_BODY_TIMEOUT", ["timeout", "the stream fell silent"]],
  ["CERT_HAS_EXPIRED", ["network", "its certificate has expired"]],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", ["network", "its certificate is self-signed; set NODE_EXTRA_CA_CERTS"]],
  ["ERR_SSL_WRONG_VERSION_NUMBER", ["network", "it does not speak TLS there; try http:// instead of https://"]],
]);

/** fetch wraps the cause, and a name with several addresses wraps several. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 4) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string" && code !== "ERR_INVALID_ARG_TYPE") return code;
  return codeOf(cause, depth + 1) ?? (Array.isArray(errors) ? codeOf(errors[0], depth + 1) : undefined);
}
