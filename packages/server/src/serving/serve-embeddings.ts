import type { JsonObject, JsonValue } from "@cutaway/core";
import { missingAccess, refused } from "./api-error.ts";
import { Fields, wrong } from "./fields.ts";
import { type ServableModel, tokenizerOf } from "./servable-model.ts";

const mostInputs = 2048;

/** Answers POST /v1/embeddings. @throws `missing-access` where the model cannot embed */
export async function serveEmbeddings(body: JsonObject, model: ServableModel, name: string, signal: AbortSignal): Promise<JsonObject> {
  const fields = new Fields(body);
  fields.value("model");
  const texts = textsOf(fields.value("input"));
  const format = fields.text("encoding_format") ?? "float";
  if (format !== "float" && format !== "base64") throw wrong("encoding_format", '"float" or "base64"', format);
  fields.neutral("dimensions", [], "the model's vectors have one size.");
  fields.neutral("user", [""], "nobody looks at it.");
  fields.end();
  if (!model.embed)
    throw missingAccess("embed", `${name} gives no embeddings: the access that is missing is embed`, "Serve a model that embeds texts.");
  const vectors = await model.embed(texts, { signal });
  const tokens = texts.reduce((sum, text) => sum + tokenizerOf(model).count(text, { disallowedSpecial: "as-text", addSpecialTokens: true }), 0);
  return {
    object: "list",
    data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: format === "base64" ? base64(vector) : Array.from(vector) })),
    model: name,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Little-endian float32, as OpenAI's clients read it. */
const base64 = (vector: Float32Array): string => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");

function textsOf(input: JsonValue | undefined): string[] {
  const texts = typeof input === "string" ? [input] : input;
  if (!Array.isArray(texts) || texts.length === 0 || !texts.every((text): text is string => typeof text === "string" && text !== ""))
    throw wrong("input", "a text that is not empty, or a list of such texts", input ?? null);
  if (texts.length > mostInputs)
    throw refused("input", `${texts.length} texts were given; up to ${mostInputs} are taken at once`, "Send them in several requests.");
  return texts;
}
