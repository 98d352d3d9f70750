import { type CallEvent, isJsonObject, type JsonValue } from "@cutaway/core";
import type { HttpContext } from "../codec.ts";
import { errorIn } from "../errors/call-error.ts";
import { objectOf, objectsOf } from "../json/fields.ts";
import { noticePad } from "../shared/notices.ts";
import { choiceDecoder, choiceIndex } from "./choice-decoder.ts";
import { decodeFinish } from "./decode-finish.ts";
import { decodeMeta } from "./decode-meta.ts";
import { decodeUsage } from "./decode-usage.ts";

/** A whole chat completion, or the error that came instead. */
export function decodeResponse(body: JsonValue, http: HttpContext = {}): CallEvent[] {
  const events: CallEvent[] = [];
  const push = (event: CallEvent) => void events.push(event);
  const notices = noticePad(push);
  const error = errorIn(body, http);
  if (isJsonObject(body)) {
    const { model, response } = decodeMeta(body);
    if (Array.isArray(body.choices) || model !== undefined)
      push({ type: "response-start", format: "openai-chat", ...(model !== undefined && { model }), response });
    for (const [position, choice] of objectsOf(body.choices).entries()) {
      const answer = choiceIndex(choice, position);
      if (answer === undefined) {
        notices.add("choice-index", "A choice has an index that no request asks for; it is left out.");
        continue;
      }
      const decoder = choiceDecoder(answer, push, notices);
      decoder.message(objectOf(choice.message) ?? objectOf(choice.delta) ?? {}, choice.logprobs, undefined);
      push({ type: "answer-finish", answer, finish: decodeFinish(choice, body.prompt_filter_results) ?? { reason: "unknown" } });
    }
    for (const json of [body.citations, body.search_results])
      if (Array.isArray(json) && json.length > 0)
        push({ type: "other-output", answer: 0, name: json === body.citations ? "citations" : "search_results", json });
    const usage = decodeUsage(body.usage ?? objectOf(body.x_groq)?.usage);
    if (usage.source) push({ type: "usage", usage });
  }
  if (error) push({ type: "call-error", error });
  else if (!isJsonObject(body) || !Array.isArray(body.choices))
    notices.add("not-an-answer", "The body is JSON and neither a chat completion nor an error.");
  push({ type: "response-end" });
  return events;
}
