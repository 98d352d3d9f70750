import { basename } from "node:path";
import { type Call, type CallId, CutawayError, type JsonValue, plain } from "@cutaway/core";
import { diffCalls } from "@cutaway/metrics";
import { toCaseFile } from "@cutaway/provider";
import type { ListQuery, Store } from "@cutaway/store";
import { type Context, Hono } from "hono";
import packageJson from "../../package.json" with { type: "json" };
import { bodiesOf } from "../bodies-of.ts";
import type { Explainer } from "../explaining/explainer.ts";
import type { ModelInside } from "../inside/model-inside.ts";
import type { ModelSources } from "../model-of.ts";
import type { Upstream, Vendor } from "../proxy/upstream.ts";
import type { RecordingCounts } from "../recording/store-recorder.ts";
import type { TokenizerBench } from "../tokenizing/tokenizer-bench.ts";
import type { Uploads } from "../tokenizing/uploads.ts";
import type { Verifier } from "../verifying/verifier.ts";
import { verifyRequestIn } from "../verifying/verify-request.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { errorAnswer, errorJson } from "./errors.ts";
import { eventStream } from "./events.ts";
import { importText } from "./import-text.ts";
import { addInsideRoutes } from "./inside-routes.ts";
import { parametersIn } from "./parameters.ts";
import { readInput } from "./read-input.ts";
import { replay } from "./replay.ts";
import { staticFile } from "./static-files.ts";
import { addTokenizerRoutes } from "./tokenizer-routes.ts";

export interface ApiParts {
  store: Store;
  feed: ChangeFeed;
  upstreams: Record<Vendor, Upstream>;
  counts: RecordingCounts;
  explainer: Explainer;
  /** Who answers when a call is made again. */
  sources: Omit<ModelSources, "onBytes">;
  verifier: Verifier;
  bench: TokenizerBench;
  uploads: Uploads;
  inside: ModelInside;
  warn(message: string): void;
  webRoot?: string;
}

/** The largest text that may be pasted or replayed, in bytes. Larger files go through `cutaway explain FILE`, which reads them as a stream. */
const inputLimit = 64 * 1024 * 1024;

/** Steps with all their alternatives that are sent in one answer. */
const stepsAtOnce = 1000;

/** The workbench's HTTP API and its files: docs/api.md. Who may ask is checked before (guard.ts). */
export function createApi({ store, feed, upstreams, counts, explainer, sources, verifier, bench, uploads, inside, warn, webRoot }: ApiParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.res.headers.set("x-content-type-options", "nosniff");
    context.res.headers.set("referrer-policy", "no-referrer");
  });
  app.onError((error, context) => errorAnswer(context, error, warn));

  const callAt = (ref: string): Call => {
    const found = store.get(store.resolve(ref));
    if (!found) throw new CutawayError("call-not-found", "the call was deleted");
    return found.call;
  };
  const idOf = (context: Context): CallId => store.resolve(context.req.param("ref") ?? "");
  const callOf = (context: Context): Call => callAt(context.req.param("ref") ?? "");

  app.get("/api/about", async (context) => {
    const { rules } = await import("@cutaway/diagnose"); // not needed to start the proxy
    return context.json({
      version: packageJson.version,
      proxy: { openai: upstreams.openai.base, anthropic: upstreams.anthropic.base },
      store: store.path === undefined ? "in memory" : basename(store.path),
      recording: { ...counts },
      rules: rules.map(({ id, title }) => ({ id, title, doc: `docs/rules/${id}.md` })),
    });
  });

  app.get("/api/calls", (context) => {
    const { rows, next } = store.list(queryOf(context));
    return context.json({ rows, next: next ?? null });
  });
  app.get("/api/calls/:ref", async (context) => {
    const whole = context.req.query("steps");
    return json(await explainer.now({ kind: "explanation", id: idOf(context), ...(whole !== undefined && { whole: countIn("steps", whole) }) }));
  });
  app.get("/api/calls/:ref/steps", async (context) => {
    const [answer, from, to] = (["answer", "from", "to"] as const).map((name) => countIn(name, context.req.query(name) ?? "0")) as [
      number,
      number,
      number,
    ];
    if (to - from > stepsAtOnce) throw new CutawayError("too-many-steps", `at most ${stepsAtOnce} steps are sent at once, not ${to - from}`);
    return json(await explainer.now({ kind: "steps", id: idOf(context), answer, from, to }));
  });
  app.get("/api/calls/:ref/verification/:rule", async (context) =>
    json(await explainer.now({ kind: "verification", id: idOf(context), rule: context.req.param("rule") })),
  );
  app.delete("/api/calls/:ref", (context) => context.json({ deleted: store.delete([idOf(context)]) }));

  app.get("/api/calls/:ref/body/:which{request|response}", (context) => {
    const bytes = bodiesOf(store, callOf(context))[context.req.param("which") as "request" | "response"];
    if (!bytes) throw new CutawayError("call-not-found", `the ${context.req.param("which")} body of this call was not recorded`);
    return new Response(new Uint8Array(bytes), { headers: { "content-type": "text/plain; charset=utf-8" } });
  });
  app.get("/api/calls/:ref/export.case.json", (context) => {
    const call = callOf(context);
    return download(JSON.stringify(toCaseFile(call, bodiesOf(store, call)), undefined, 2), `${call.id}.case.json`, "application/json");
  });
  app.get("/api/calls/:ref/export.html", async (context) => {
    const id = idOf(context);
    return download(await explainer.now({ kind: "html", id }), `${id}.html`, "text/html; charset=utf-8");
  });

  app.post("/api/import", async (context) => {
    const imported = await importText(store, await inputOf(context), "pasted");
    for (const id of imported.ids) explainer.later(id);
    return context.json(imported);
  });
  app.post("/api/calls/:ref/replay", async (context) => {
    const parent = callOf(context);
    const changes = parametersIn(jsonOf(await inputOf(context)));
    const id = await replay(store, parent, changes, sources, context.req.raw.signal);
    explainer.later(id);
    return context.json({ id });
  });

  app.post("/api/calls/:ref/verify", async (context) => {
    const request = verifyRequestIn(jsonOf(await inputOf(context)));
    return context.json(await verifier.start(callOf(context), request), 202);
  });
  app.get("/api/verify", (context) => context.json({ verify: verifier.current() ?? null }));
  app.delete("/api/verify", (context) => context.json({ cancelled: verifier.cancel() }));

  app.get("/api/diff", (context) => {
    const [a, b] = ["a", "b"].map((name) => store.get(store.resolve(context.req.query(name) ?? ""))?.call);
    if (!a || !b) throw new CutawayError("call-not-found", "one of the calls was deleted");
    return context.json(plain(diffCalls(a, b)));
  });
  addTokenizerRoutes(app, bench, uploads);
  addInsideRoutes(app, inside, callAt);
  app.get("/api/events", (context) => eventStream(feed, verifier, context.req.raw.signal));

  app.all("/api/*", (context) =>
    context.json(errorJson(new CutawayError("no-such-route", `there is no ${context.req.method} ${context.req.path}`)), 404),
  );
  app.get("*", (context) => staticFile(webRoot, context.req.path));
  app.all("*", (context) =>
    context.json(
      errorJson(
        new CutawayError("no-such-route", `${context.req.method} ${context.req.path} is not a path of a model API here`, {
          fix: "End the client's base URL in /v1 (OpenAI) or leave it without a path (Anthropic).",
        }),
      ),
      404,
    ),
  );
  return app;
}

/** Text that is JSON already. */
const json = (text: string): Response => new Response(text, { headers: { "content-type": "application/json" } });

function countIn(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CutawayError("invalid-query", `${name} must be a whole number, not ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}

function queryOf(context: Context): ListQuery {
  const { before, limit, q, model, finding, session } = context.req.query();
  return {
    ...(before && { before: before as CallId }),
    ...(limit && { limit: Number(limit) }),
    ...(q && { search: q }),
    ...(model && { model }),
    ...(finding && { finding }),
    ...(session && { session }),
  };
}

const inputOf = (context: Context): Promise<Uint8Array> => readInput(context, inputLimit, "Save it and run `cutaway explain FILE`.");

function jsonOf(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder().decode(bytes) || "{}") as JsonValue;
  } catch {
    throw new CutawayError("invalid-json", "the body of the request is not JSON");
  }
}

function download(text: string, name: string, type: string): Response {
  return new Response(text, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${name}"`,
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
