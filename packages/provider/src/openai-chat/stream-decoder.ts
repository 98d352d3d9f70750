import type { JsonObject, JsonValue } from "@cutaway/core";
import type { Push, StreamDecoder } from "../codec.ts";
import { errorIn } from "../errors/call-error.ts";
import { deepEqual } from "../json/deep-equal.ts";
import { objectOf, objectsOf } from "../json/fields.ts";
import { noticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import { type ChoiceDecoder, choiceDecoder, choiceIndex } from "./choice-decoder.ts";
import { decodeFinish } from "./decode-finish.ts";
import { decodeMeta } from "./decode-meta.ts";
import { decodeUsage } from "./decode-usage.ts";

/**
 * Chunks of a chat completion. The terminal marker is `[DONE]`. A recording of bare payloads has none: there the answer counts as whole when
 * every choice that began has finished and, where earlier chunks announced usage (`"usage": null`, or a server that always ends with it), usage came.
 */
export function streamDecoder(push: Push): StreamDecoder {
  const notices = noticePad(push);
  const choices = new Map<number, { decoder: ChoiceDecoder; finished: boolean }>();
  let meta: object | undefined;
  let promptFilter: JsonValue | undefined;
  let tail: { name: string; json: JsonValue }[] = [];
  let awaitsUsage = false;
  let hasUsage = false;
  let terminal: { at: number | undefined } | undefined;

  const choiceAt = (index: number) => {
    let choice = choices.get(index);
    if (!choice) {
      choice = { decoder: choiceDecoder(index, push, notices), finished: false };
      choices.set(index, choice);
    }
    return choice;
  };
  const onChoice = (json: JsonObject, position: number, at: number | undefined) => {
    const index = choiceIndex(json, position);
    if (index === undefined) return notices.add("choice-index", "A chunk belongs to a choice that no request asks for; it is left out.");
    const choice = choiceAt(index);
    choice.decoder.message(objectOf(json.delta) ?? objectOf(json.message) ?? {}, json.logprobs, at);
    const finish = decodeFinish(json, promptFilter);
    if (!finish) return;
    choice.finished = true;
    push(stamped({ type: "answer-finish" as const, answer: index, finish }, at));
  };
  const onUsage = (chunk: JsonObject) => {
    const json = chunk.usage ?? objectOf(chunk.x_groq)?.usage;
    if (chunk.usage === null) awaitsUsage = true;
    const usage = decodeUsage(json);
    if (!usage.source) return;
    hasUsage = true;
    push({ type: "usage", usage });
  };

  return {
    payload(chunk, at) {
      if (terminal) {
        notices.add("after-the-end", "A chunk came after [DONE].");
        terminal = undefined;
      }
      const error = errorIn(chunk);
      if (error) push(stamped({ type: "call-error" as const, error: { ...error, inStream: true } }, at));
      const { model, response } = decodeMeta(chunk);
      const said = { model, ...response };
      if (!meta || (Object.keys(response).length > 0 && !deepEqual(meta, { ...meta, ...said }))) {
        if (!error || model !== undefined) {
          meta = { ...meta, ...said };
          push(stamped({ type: "response-start" as const, format: "openai-chat" as const, ...(model !== undefined && { model }), response }, at));
        }
      }
      if (model?.startsWith("grok")) awaitsUsage = true;
      if (Array.isArray(chunk.prompt_filter_results)) promptFilter = chunk.prompt_filter_results;
      for (const [position, choice] of objectsOf(chunk.choices).entries()) onChoice(choice, position, at);
      onUsage(chunk);
      // Servers that send citations repeat the whole list in every chunk: the last one counts.
      for (const name of ["citations", "search_results"]) {
        const json = chunk[name];
        if (Array.isArray(json) && json.length > 0) tail = [...tail.filter((item) => item.name !== name), { name, json }];
      }
      if (!error && !Array.isArray(chunk.choices) && !hasUsage)
        notices.add("unknown-event", "A chunk without choices, usage or error was passed over.");
    },
    done(at) {
      if (terminal) notices.add("after-the-end", "[DONE] came twice.");
      terminal = { at };
    },
    end(isFramed) {
      for (const { name, json } of tail) push({ type: "other-output", answer: 0, name, json });
      notices.flush();
      const all = [...choices.values()];
      const isWhole = all.length > 0 && all.every((choice) => choice.finished) && (hasUsage || !awaitsUsage);
      if (terminal) push(stamped({ type: "response-end" as const }, terminal.at));
      else if (!isFramed && isWhole) push({ type: "response-end" });
    },
  };
}
