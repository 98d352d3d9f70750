import type { IncomingMessage } from "node:http";
import { CutawayError } from "@cutaway/core";
import { httpGet, type Patience } from "./http-get.ts";
import { type Delivery, type Installed, installModel } from "./install-model.ts";
import type { Environment } from "./models-folder.ts";
import type { HubFile, RegisteredModel } from "./registry.ts";

export type ModelOnHub = RegisteredModel & { hub: HubFile };

export interface FromHub {
  model: ModelOnHub;
  folder: string;
  env: Environment;
  patience: Patience;
  signal?: AbortSignal;
  onBytes?(bytes: number): void;
}

/** A connection cut in the middle is taken up again so many times, as long as more came in between; a bad start is fetched anew once. */
const mostRetries = 5;

/**
 * Installs a model from the Hugging Face hub, or from the server that `HF_ENDPOINT` names. `HF_TOKEN` is sent to that server alone.
 * throws `hub-offline`, `hub-endpoint`, `hub-token`, `hub-refused`, `hub-missing`, `hub-failed`, and what `httpGet` and `installModel` throw
 */
export async function fromHub({ model, folder, env, patience, signal, onBytes }: FromHub): Promise<Installed> {
  const url = hubUrl(model.hub, env);
  const secretHeaders = tokenHeaders(env);
  let before = -1;
  let start = 0;
  for (let left = mostRetries; ; left--) {
    try {
      return await installModel({
        folder,
        wanted: model,
        source: `hub ${url.origin}/${model.hub.repo}@${model.hub.revision}`,
        resumable: true,
        signal,
        onBytes,
        async deliver(have) {
          if (have.bytes <= before) left = 0;
          before = have.bytes;
          const headers = { ...plainHeaders, ...rangeHeaders(have) };
          const answer = await httpGet({ url, headers, secretHeaders, env, patience, signal });
          const delivery = delivered(answer, url, have.bytes, model, secretHeaders.authorization !== undefined);
          start = delivery.start;
          return delivery;
        },
      });
    } catch (error) {
      const code = error instanceof CutawayError ? error.code : undefined;
      const isWorthMore = code === "download-cut" || (code === "wrong-hash" && start > 0);
      if (!isWorthMore || left <= 0 || signal?.aborted) throw error;
    }
  }
}

/** `/resolve/` gives the file itself, or redirects to where it lies. */
export function hubUrl({ repo, revision, file }: HubFile, env: Environment): URL {
  if (env.HF_HUB_OFFLINE === "1" || env.HF_HUB_OFFLINE?.toLowerCase() === "true")
    throw new CutawayError("hub-offline", "HF_HUB_OFFLINE is set: the hub is not asked", {
      kind: "network",
      fix: "Unset it, or use another source.",
    });
  const endpoint = (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  const base = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!base || (base.protocol !== "https:" && base.protocol !== "http:") || base.username || base.password || base.search || base.hash)
    throw new CutawayError("hub-endpoint", "HF_ENDPOINT is no plain http or https address", {
      fix: "Set it like https://huggingface.co, without user, password or query; a token goes into HF_TOKEN.",
    });
  const path = [...repo.split("/"), "resolve", revision, ...file.split("/")].map(encodeURIComponent).join("/");
  return new URL(`${endpoint}/${path}`);
}

const plainHeaders = { "user-agent": "cutaway", accept: "*/*", "accept-encoding": "identity" };

function tokenHeaders(env: Environment): { authorization?: string } & Record<string, string> {
  const token = env.HF_TOKEN?.trim();
  if (!token) return {};
  if (/^[\x21-\x7e]+$/.test(token)) return { authorization: `Bearer ${token}` };
  throw new CutawayError("hub-token", "HF_TOKEN holds characters that a header cannot carry", {
    kind: "auth",
    fix: "Set HF_TOKEN again: it may hold a line break or a quote.",
  });
}

/** Goes on where the last time ended, if the file is still the same: a weak tag cannot say so (RFC 9110, 13.1.5). */
const rangeHeaders = ({ bytes, etag }: { bytes: number; etag?: string }): Record<string, string> =>
  bytes === 0 ? {} : { range: `bytes=${bytes}-`, ...(etag?.startsWith('"') && { "if-range": etag }) };

function delivered(answer: IncomingMessage, url: URL, have: number, model: ModelOnHub, withToken: boolean): Delivery {
  const refuse = (error: CutawayError): never => {
    answer.destroy();
    throw error;
  };
  const { size } = model;
  const status = answer.statusCode ?? 0;
  if (status !== 200 && status !== 206) return refuse(statusError(status, url, model, withToken));
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.headers["content-range"] ?? "");
  if (status === 206 && Number(range?.[1]) !== have) return refuse(failed(url, "it sends another part of the file than was asked for"));
  const start = status === 206 ? have : 0;
  const length = answer.headers["content-length"];
  const total = length === undefined ? undefined : start + Number(length);
  if (total !== undefined && total !== size) return refuse(failed(url, `its ${model.hub.file} has ${total} bytes, not ${size}`));
  const etag = answer.headers.etag;
  return { start, chunks: body(answer, url), ...(etag !== undefined && etag.length < 1000 && { etag }) };
}

async function* body(answer: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* answer as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const why = cause instanceof CutawayError ? cause.message : `${url.host}: the connection was cut`;
    throw new CutawayError("download-cut", why, { kind: "network", fix: "Run it again: it goes on where it was cut.", cause });
  } finally {
    answer.destroy();
  }
}

function statusError(status: number, url: URL, { hub }: ModelOnHub, withToken: boolean): CutawayError {
  const data = { status, host: url.host };
  if (status === 401 || status === 403)
    return new CutawayError("hub-refused", `${url.host} refuses ${hub.repo} (${status}), ${withToken ? "with" : "without"} a token`, {
      kind: "auth",
      fix: withToken ? "Check HF_TOKEN, or unset it: the repository is public." : "Set HF_TOKEN if this server asks for one.",
      data,
    });
  if (status === 404)
    return new CutawayError("hub-missing", `${url.host} has no ${hub.repo}/${hub.file} at ${hub.revision.slice(0, 8)} (404)`, {
      kind: "network",
      fix: "Use another source.",
      data,
    });
  return failed(url, `it answers ${status}`, data);
}

const failed = (url: URL, what: string, data: Record<string, unknown> = {}) =>
  new CutawayError("hub-failed", `${url.host}: ${what}`, { kind: "network", fix: "Try again later, or use another source.", data });
