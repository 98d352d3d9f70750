import { createHash } from "node:crypto";
import { type Call, CutawayError, type JsonObject, type PromptToken, type TokenId } from "@cutaway/core";
import { promptTokens, rawPrompt } from "@cutaway/tokenizer/chat-template";
import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { labelsOf } from "../recording/labels.ts";
import type { StoreRecorder } from "../recording/store-recorder.ts";
import type { Admission } from "./admission.ts";
import { type ApiError, apiError, errorOfCall, missingAccess } from "./api-error.ts";
import { readChatRequest } from "./chat-request.ts";
import { readCompletionRequest } from "./completion-request.ts";
import { readJsonBody } from "./read-json-body.ts";
import { CallFailed, type Reply, type Serving } from "./reply.ts";
import { type ServableModel, tokenizerOf } from "./servable-model.ts";
import { serveChat } from "./serve-chat.ts";
import { serveCompletion } from "./serve-completion.ts";
import { serveEmbeddings } from "./serve-embeddings.ts";
import { servedCalls } from "./served-calls.ts";
import { eventStream } from "./sse.ts";

export interface ModelApiParts {
  model: ServableModel;
  /** What clients call the model. */
  name: string;
  admission: Admission;
  /** Absent: calls are not recorded. */
  recorder?: StoreRecorder;
  /** Told of every call that has ended, recorded or not. */
  onFinished?(call: Call): void;
  warn(message: string): void;
  /** Aborted when the server is being closed. */
  closing: AbortSignal;
}

/** OpenAI's routes over one local model. */
export function createModelApi({ model, name, admission, recorder, onFinished, warn, closing }: ModelApiParts): Hono {
  const app = new Hono();
  const { contextSize } = model.info;
  const fingerprint = fingerprintOf(model);
  const created = Math.floor(Date.now() / 1000);
  const card = { id: name, object: "model", created, owned_by: "cutaway", max_model_len: contextSize };

  app.get("/health", (context) => context.json({ status: "ok" }));
  app.get("/v1/models", (context) => context.json({ object: "list", data: [card] }));
  app.get("/v1/models/:id{.+}", (context) => {
    refuseOther(context.req.param("id"));
    return context.json(card);
  });
  app.post("/v1/chat/completions", (context) =>
    generate(
      context,
      (body) => readChatRequest(body, model.info),
      () => 1,
      serveChat,
    ),
  );
  app.post("/v1/completions", (context) =>
    generate(
      context,
      (body) => readCompletionRequest(body, model.info),
      (asked) => asked.requests.length,
      serveCompletion,
    ),
  );
  app.post("/v1/embeddings", async (context) => {
    const body = await bodyOf(context);
    const leave = admission.enter(1);
    try {
      return context.json(await serveEmbeddings(body, model, name, AbortSignal.any([context.req.raw.signal, closing])));
    } finally {
      leave();
    }
  });
  for (const path of ["/health", "/v1/models", "/v1/models/:id{.+}", "/v1/chat/completions", "/v1/completions", "/v1/embeddings"])
    app.all(path, ({ req }) => {
      throw new CutawayError("wrong-method", `${req.method} is not answered at ${req.path}`);
    });
  app.notFound(({ req }) => {
    throw new CutawayError("unknown-route", `there is no ${req.method} ${req.path} here`, {
      fix: "Known are /v1/models, /v1/chat/completions, /v1/completions and /v1/embeddings.",
    });
  });
  app.onError((error, context) => answer(context, told(error)));
  return app;

  /** A model may be known here by the path of its file, which is nothing for clients. */
  function told(error: unknown): ApiError {
    const { body, ...rest } = error instanceof CallFailed ? errorOfCall(error.error) : apiError(error, warn);
    return { ...rest, body: { error: { ...body.error, message: body.error.message.replaceAll(model.info.name, name) } } };
  }

  async function bodyOf(context: Context): Promise<JsonObject> {
    const body = await readJsonBody(context.req.raw);
    refuseOther(body.model);
    return body;
  }

  function refuseOther(asked: unknown): void {
    if (asked === name) return;
    throw new CutawayError("unknown-model", `the model ${JSON.stringify(asked ?? null).slice(0, 100)} is not served here`, {
      fix: `Ask for ${JSON.stringify(name)}.`,
      data: { param: "model" },
    });
  }

  /** Reads, admits and answers one request; the place it takes is free again when its answer has ended, or its client is gone. */
  async function generate<Asked extends { stream: boolean }>(
    context: Context,
    read: (body: JsonObject) => Asked,
    callsOf: (asked: Asked) => number,
    serve: (asked: Asked, serving: Serving) => Promise<Reply>,
  ): Promise<Response> {
    const asked = read(await bodyOf(context));
    const leave = admission.enter(callsOf(asked));
    const gone = new AbortController();
    const signal = AbortSignal.any([context.req.raw.signal, closing, gone.signal]);
    let isStreaming = false;
    try {
      const reply = await serve(asked, servingFor(signal, context));
      if ("body" in reply) return context.json(reply.body);
      isStreaming = true;
      const stream = eventStream(reply.events, {
        ended: leave,
        cancel: () => gone.abort(new CutawayError("interrupted", "the client is gone", { kind: "interrupted" })),
        failure: (error) => told(error).body,
      });
      return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" } });
    } finally {
      if (!isStreaming) {
        gone.abort(new CutawayError("interrupted", "the answer is over", { kind: "interrupted" }));
        leave();
      }
    }
  }

  function servingFor(signal: AbortSignal, context: Context): Serving {
    // Loaded where it is first asked for: most answers come without it.
    const bytesOf = (id: number) => tokenizerOf(model).bytesOf(id) ?? new Uint8Array();
    return {
      model,
      name,
      calls: servedCalls(
        model,
        { ...(recorder && { recorder }), ...(onFinished && { onFinished }) },
        labelsOf(Object.fromEntries(context.req.raw.headers)),
      ),
      fingerprint,
      signal,
      bytesOf,
      async score(prompt, depth) {
        if (!model.score)
          throw missingAccess("score", `${name} does not tell the log-likelihood of a given text: the access that is missing is score`);
        return (
          await model.score(
            prompt.map(({ id }) => id as number),
            { depth, signal },
          )
        ).tokens;
      },
      promptOf: ({ messages, local = {} }) =>
        local.tokens
          ? local.tokens.map((id): PromptToken => ({ id: id as TokenId, bytes: bytesOf(id), segment: "user" }))
          : promptTokens(tokenizerOf(model), rawPrompt(messages), { parseSpecial: true, specials: model.info.specials }),
    };
  }
}

const answer = (context: Context, { status, body, headers = {} }: ApiError): Response => context.json(body, status as ContentfulStatusCode, headers);

/** The same as long as the same weights run in the same engine: what a seed needs to give the same answer again. */
function fingerprintOf({ info: { weights, engine } }: ServableModel): string {
  const parts = [weights.sha256 ?? weights.file, engine.name, engine.version, engine.threads];
  return `fp_${createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 10)}`;
}
