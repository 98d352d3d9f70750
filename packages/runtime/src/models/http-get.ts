import * as http from "node:http";
import * as https from "node:https";
import { CutawayError } from "@cutaway/core";
import { codeOf } from "./file-error.ts";
import type { Environment } from "./models-folder.ts";

/** How long to wait, milliseconds: a machine without a way out must be told so soon. */
export interface Patience {
  /** For a connection, TLS included. */
  connectMs: number;
  /** Then for the head of the answer. */
  answerMs: number;
  /** Then from one piece of the body to the next. */
  idleMs: number;
}

/** Where another source can be asked instead. */
export const briefPatience: Patience = { connectMs: 3_000, answerMs: 10_000, idleMs: 30_000 };

/** Where none other was wanted. */
export const longPatience: Patience = { connectMs: 15_000, answerMs: 30_000, idleMs: 60_000 };

export interface HttpGet {
  url: URL;
  headers: Record<string, string>;
  /** Sent to the origin of `url` and to no other: a redirect elsewhere goes without, and what comes after it as well. */
  secretHeaders: Record<string, string>;
  env: Environment;
  patience: Patience;
  signal?: AbortSignal;
}

const mostRedirects = 5;

/**
 * A GET by hand, because Node's `fetch` has no limit for connecting and unpacks what it gets. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` hold.
 * Redirects are followed, five at most, never from https to http.
 * throws `unreachable`, `redirect-refused`
 */
export async function httpGet(get: HttpGet): Promise<http.IncomingMessage> {
  let url = get.url;
  let trusted = true;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    trusted = trusted && url.origin === get.url.origin;
    const answer = await ask(url, trusted ? { ...get.headers, ...get.secretHeaders } : get.headers, get);
    if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)) return answer;
    answer.destroy();
    url = redirectTarget(url, answer.headers.location);
  }
  throw refused(`${get.url.host} redirects more than ${mostRedirects} times`);
}

function redirectTarget(from: URL, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, from.href)) throw refused(`${from.host} redirects to no address`);
  const to = new URL(location, from);
  if (to.protocol !== "https:" && !(to.protocol === "http:" && from.protocol === "http:"))
    throw refused(`${from.host} redirects to ${to.protocol}//${to.host}, which is not as safe`);
  if (to.username || to.password) throw refused(`${from.host} redirects to an address with a password in it`);
  return to;
}

const refused = (message: string) =>
  new CutawayError("redirect-refused", message, { kind: "network", fix: "Check HF_ENDPOINT, or use another source." });

function ask(url: URL, headers: Record<string, string>, { env, patience, signal }: HttpGet): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === "https:";
    const agent = { proxyEnv: proxyOf(env) };
    const settings = { headers, signal };
    const asking = secure
      ? https.request(url, { ...settings, agent: new https.Agent(agent) })
      : http.request(url, { ...settings, agent: new http.Agent(agent) });
    let timer = setTimeout(() => asking.destroy(unreachable(url, `no connection within ${seconds(patience.connectMs)}`)), patience.connectMs);
    const connected = () => {
      clearTimeout(timer);
      timer = setTimeout(() => asking.destroy(unreachable(url, `no answer within ${seconds(patience.answerMs)}`)), patience.answerMs);
    };
    asking.once("socket", (socket) => {
      if (!socket.connecting) connected();
      else socket.once(secure ? "secureConnect" : "connect", connected);
    });
    asking.once("error", (error) => {
      clearTimeout(timer);
      reject(signal?.aborted ? signal.reason : error instanceof CutawayError ? error : unreachable(url, wordsFor(error), error));
    });
    asking.once("response", (answer) => {
      clearTimeout(timer);
      answer.setTimeout(patience.idleMs, () => answer.destroy(unreachable(url, `nothing came for ${seconds(patience.idleMs)}`)));
      resolve(answer);
    });
    asking.end();
  });
}

const seconds = (ms: number) => `${ms / 1000} s`;

/** Only what is set: an absent variable must not reach Node as the text "undefined". */
const proxyOf = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"].flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const unreachable = (url: URL, why: string, cause?: unknown) =>
  new CutawayError("unreachable", `${url.host} cannot be reached: ${why}`, {
    kind: "network",
    fix: "Check the network and proxy settings (HTTPS_PROXY, NODE_EXTRA_CA_CERTS), or use another source.",
    cause,
  });

function wordsFor(error: Error): string {
  switch (codeOf(error)) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name is not known here";
    case "ECONNREFUSED":
      return "it refuses the connection";
    case "ECONNRESET":
      return "the connection was cut";
    default:
      return error.message || (codeOf(error) ?? "failed without a message");
  }
}
