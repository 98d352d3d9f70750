import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type CallId, CutawayError, type WireFormat } from "@cutaway/core";
import type { Store } from "@cutaway/store";
import { getRequestListener } from "@hono/node-server";
import { changeFeed } from "./api/change-feed.ts";
import { createApi } from "./api/create-api.ts";
import { errorJson } from "./api/errors.ts";
import { startExplainer } from "./explaining/explainer.ts";
import { ownHosts, refusalOf } from "./guard.ts";
import { startModelInside } from "./inside/model-inside.ts";
import { listen } from "./listen.ts";
import { type LocalModelsOptions, localModels } from "./local-models.ts";
import { type Forwarding, forward } from "./proxy/forward.ts";
import { defaultUpstreams, endpointAt, openUpstream, refuseOwnPort, type Vendor, vendorOf } from "./proxy/upstream.ts";
import { recorderOver } from "./recording/exchange-recorder.ts";
import type { RecordingCounts } from "./recording/store-recorder.ts";
import { threadedRecorder } from "./recording/threaded-recorder.ts";
import { startTokenizerBench } from "./tokenizing/tokenizer-bench.ts";
import { tokenizerUploads } from "./tokenizing/uploads.ts";
import { startVerifier } from "./verifying/verifier.ts";

export interface ServerOptions {
  store: Store;
  /** 0 takes a free one. */
  port: number;
  /** A loopback address; 127.0.0.1 if absent. */
  host?: string;
  /** Base URLs of the APIs that the proxy passes calls to. */
  upstreams?: Partial<Record<Vendor, string>>;
  /** Folder of the built workbench. */
  webRoot?: string;
  /** How local models are opened, and how long an idle one stays open. */
  localModels?: LocalModelsOptions;
  /** Told what a person should know, once for each kind of trouble: recording failed, the store is locked. Nothing is told if absent. */
  warn?: (message: string) => void;
}

export interface RunningServer {
  /** `http://127.0.0.1:4747` */
  url: string;
  port: number;
  /** Of the calls so far; of all calls once it is closed. */
  readonly counts: Readonly<RecordingCounts>;
  /** Stores what is known of the calls in flight, ends them, and frees the port. Asked twice, it does so once. */
  close(): Promise<void>;
}

/**
 * One port for the recording proxy (`/v1/…`), the workbench and its API. Prints nothing.
 * @throws `port-in-use`, `host-not-loopback`, `invalid-upstream`
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, port, host = "127.0.0.1", webRoot, warn = () => {} } = options;
  if (!/^(?:127\.\d+\.\d+\.\d+|localhost|::1)$/.test(host)) {
    throw new CutawayError("host-not-loopback", `${host} can be reached from other machines, and whoever reaches this port can read every call`, {
      fix: "Leave the host out, and forward the port through ssh if another machine needs it.",
    });
  }
  const upstreams = {
    openai: openUpstream("openai", options.upstreams?.openai ?? defaultUpstreams.openai),
    anthropic: openUpstream("anthropic", options.upstreams?.anthropic ?? defaultUpstreams.anthropic),
  };
  const onFinished = (id: CallId) => explainer.later(id);
  const recorder = store.path === undefined ? recorderOver(store, { warn, onFinished }) : await threadedRecorder(store.path, { warn, onFinished });
  const locals = localModels(options.localModels);
  const sources = {
    locals,
    baseUrlFor: (format: WireFormat) => endpointAt(format === "anthropic-messages" ? upstreams.anthropic : upstreams.openai, format),
  };
  const verifier = startVerifier(store, sources, warn);
  const explainer = startExplainer(store, recorder.annotate, warn);
  const feed = changeFeed(store);
  const bench = startTokenizerBench();
  const uploads = tokenizerUploads();
  const inside = startModelInside();
  const parts = { store, feed, upstreams, counts: recorder.counts, explainer, sources, verifier, bench, uploads, inside, warn };
  const api = getRequestListener(createApi({ ...parts, ...(webRoot !== undefined && { webRoot }) }).fetch);
  const inFlight = new Set<Forwarding>();
  let hosts: ReadonlySet<string> = new Set();

  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request, hosts);
    if (refusal) return refuse(response, refusal);
    if (!/^\/v1(?:[/?]|$)/.test(request.url ?? "")) return void api(request, response);
    const forwarding = forward(request, response, upstreams[vendorOf(request)], recorder.sink, () => inFlight.delete(forwarding));
    inFlight.add(forwarding);
  });
  try {
    await listen(server, port, host);
  } catch (error) {
    await recorder.close();
    throw error;
  }
  const actual = (server.address() as AddressInfo).port;
  hosts = ownHosts(actual);

  const close = async () => {
    const closed = once(server, "close");
    server.close();
    for (const forwarding of inFlight) forwarding.stop();
    feed.close();
    server.closeAllConnections();
    await closed;
    await verifier.close();
    await locals.close();
    await bench.close();
    await inside.close();
    uploads.close();
    await explainer.close();
    await recorder.close();
    for (const { agent } of Object.values(upstreams)) agent.destroy();
  };
  let closing: Promise<void> | undefined;
  try {
    for (const upstream of Object.values(upstreams)) refuseOwnPort(upstream, actual);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
    port: actual,
    counts: recorder.counts,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function refuse(response: ServerResponse, refusal: CutawayError): void {
  const body = JSON.stringify(errorJson(refusal));
  response.writeHead(403, { "content-type": "application/json", "content-length": Buffer.byteLength(body), connection: "close" });
  response.end(body);
}
