import { type Call, CutawayError, type JsonObject, type JsonValue } from "@cutaway/core";
import type { Context, Hono } from "hono";
import { fieldsOf, type InsideAsk, insideAskIn, invalid } from "../inside/inside-ask.ts";
import { modelFiles } from "../inside/model-files.ts";
import type { ModelInside } from "../inside/model-inside.ts";
import type { Subject } from "../inside/subject.ts";
import { readInput } from "./read-input.ts";

/** Of a request, in bytes of JSON. */
const limit = 1024 * 1024;

const kinds: readonly InsideAsk["kind"][] = ["network", "positions", "tokens", "attention", "lens", "attribution"];

/** `/api/models`, `/api/inside`: what goes on in a local model while it reads a text. */
export function addInsideRoutes(app: Hono, inside: ModelInside, callAt: (ref: string) => Call): void {
  const files = modelFiles();
  app.get("/api/models", async (context) => context.json({ models: await files.list() }));

  for (const kind of kinds) {
    app.post(`/api/inside/${kind}`, async (context) => {
      const { call, answer, model, text, ...asked } = fieldsOf(await jsonOf(context));
      const ask = insideAskIn(kind, asked);
      const subject = await subjectOf({ call, answer, model, text }, kind === "network" || kind === "positions");
      const bytes = await inside.run({ subject, ask }, context.req.raw.signal);
      return new Response(bytes, { headers: { "content-type": kind === "attention" ? "application/octet-stream" : "application/json" } });
    });
  }

  /** A stored call, or a model with a text of one's own. */
  async function subjectOf({ call, answer = 0, model, text }: Partial<JsonObject>, isModelEnough: boolean): Promise<Subject> {
    if (typeof call === "string") {
      if (model !== undefined || text !== undefined) throw invalid("a call brings its model and its text");
      if (!Number.isSafeInteger(answer) || (answer as number) < 0) throw invalid("answer is not a whole number");
      const found = callAt(call);
      const tokens = tokensOf(found, answer as number);
      return { path: await files.ofCall(found), ...tokens };
    }
    if (typeof model !== "string") throw invalid("the request names neither a call nor a model");
    if (!isModelEnough && typeof text !== "string") throw invalid("text is not a text");
    return { path: await files.byName(model), text: typeof text === "string" ? text : "" };
  }
}

/** The ids that the model read and said. @throws `no-access` where they are not known */
function tokensOf(call: Call, answer: number): { prompt: number[]; answer: number[]; start?: number } {
  const ids = call.prompt?.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (call.request?.format !== "local" || !ids || ids.length !== call.prompt?.length) {
    throw new CutawayError(
      "no-access",
      `the call went to ${call.model.provider ?? "a provider"}: what goes on inside its model is not to be had there`,
      {
        fix: "Replay its text through a local model, which stands in for it and is another model.",
      },
    );
  }
  const said = call.answers[answer]?.steps?.flatMap(({ id }) => (id === undefined ? [] : [id])) ?? [];
  const start = call.local?.decoderStart?.id;
  return { prompt: ids, answer: said, ...(start !== undefined && { start }) };
}

async function jsonOf(context: Context): Promise<JsonValue> {
  const bytes = await readInput(context, limit, "Take a shorter text.");
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as JsonValue;
  } catch {
    throw new CutawayError("invalid-json", "the body of the request is not JSON");
  }
}
