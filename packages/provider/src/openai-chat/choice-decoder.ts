import type { JsonObject, JsonValue } from "@cutaway/core";
import type { Push } from "../codec.ts";
import { countOf, filledOf, listOf, objectOf, objectsOf, textOf } from "../json/fields.ts";
import { tokenStep } from "../shared/logprobs.ts";
import type { NoticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";

/**
 * One choice of a chat completion: takes a whole `message` or any number of `delta`s, which have the same fields.
 * Tool calls are told apart by `index`; servers that leave it out or reuse it are told apart by `id`. Indices of events are dense
 * and in order of appearance, whatever the server's start at.
 */
export interface ChoiceDecoder {
  message(message: JsonObject, logprobs: JsonValue | undefined, at: number | undefined): void;
  readonly hasOutput: boolean;
}

/** Servers allow 128 choices at most: an index far beyond is a broken or hostile body, not an answer. Undefined for such a one. */
export function choiceIndex(choice: JsonObject, position: number): number | undefined {
  const index = countOf(choice.index) ?? position;
  return Number.isInteger(index) && index < 1024 ? index : undefined;
}

export function choiceDecoder(answer: number, push: Push, notices: NoticePad): ChoiceDecoder {
  const byIndex = new Map<number, OpenCall>();
  let calls = 0;
  let last: OpenCall | undefined;
  let hasOutput = false;

  const openCall = (index: number | undefined, id: string | undefined, name: string | undefined): OpenCall => {
    const known = index === undefined ? (id === undefined || id === last?.id ? last : undefined) : byIndex.get(index);
    const isReused = known?.id !== undefined && id !== undefined && id !== known.id && name !== undefined;
    if (known && !isReused) return known;
    const call: OpenCall = { call: calls++, named: false };
    byIndex.set(index ?? -calls, call);
    return call;
  };
  const toolCall = (json: JsonObject, at: number | undefined) => {
    const body = objectOf(json.function) ?? objectOf(json.custom) ?? json;
    const id = filledOf(json.id);
    const name = filledOf(body.name);
    const open = openCall(countOf(json.index), id, name);
    last = open;
    const isNew = !open.started;
    if (isNew || (id !== undefined && open.id === undefined) || (name !== undefined && !open.named)) {
      open.started = true;
      open.id ??= id;
      open.named ||= name !== undefined;
      push(
        stamped(
          { type: "tool-call-start" as const, answer, call: open.call, ...(id !== undefined && { id }), ...(name !== undefined && { name }) },
          at,
        ),
      );
    }
    const args = argumentsOf(body.arguments ?? body.input);
    if (args) push(stamped({ type: "tool-call-delta" as const, answer, call: open.call, arguments: args }, at));
    hasOutput = true;
  };
  const content = (part: JsonObject, at: number | undefined) => {
    const type = textOf(part.type);
    if (type === "text" || type === "output_text") text(textOf(part.text), at);
    else if (type === "thinking") reasoning(thinkingText(part.thinking), at);
    else if (type === "refusal") refusal(textOf(part.refusal), at);
    else other(type ?? "content-part", part, at);
  };
  const text = (value: string | undefined, at: number | undefined) => {
    if (value === undefined) return;
    push(stamped({ type: "text-delta" as const, answer, text: value }, at));
    hasOutput ||= value !== "";
  };
  const reasoning = (value: string | undefined, at: number | undefined) => {
    if (!value) return;
    push(stamped({ type: "reasoning-delta" as const, answer, text: value }, at));
    hasOutput = true;
  };
  const refusal = (value: string | undefined, at: number | undefined) => {
    if (!value) return;
    push(stamped({ type: "refusal-delta" as const, answer, text: value }, at));
    hasOutput = true;
  };
  const other = (name: string, json: JsonValue, at: number | undefined) => {
    push(stamped({ type: "other-output" as const, answer, name, json }, at));
    hasOutput = true;
  };

  return {
    get hasOutput() {
      return hasOutput;
    },
    message(message, logprobs, at) {
      reasoning(filledOf(message.reasoning_content) ?? filledOf(message.reasoning), at);
      const body = message.content;
      if (typeof body === "string") text(body, at);
      else for (const part of objectsOf(body)) content(part, at);
      refusal(textOf(message.refusal), at);
      const legacy = objectOf(message.function_call);
      if (legacy) toolCall({ index: 0, function: legacy }, at);
      for (const json of objectsOf(message.tool_calls)) toolCall(json, at);
      for (const name of ["annotations", "audio", "images"])
        for (const json of [listOf(message[name]), objectOf(message[name]) ?? []].flat()) other(singular(name, json), json, at);
      const steps = objectOf(logprobs);
      for (const entry of objectsOf(steps?.content)) {
        const step = tokenStep(entry, at);
        if (step) push({ type: "token-step", answer, step });
      }
      if (listOf(steps?.refusal).length > 0)
        notices.add("refusal-logprobs", "The probabilities of the refusal's tokens stay in the raw body: steps belong to the answer's text.");
    },
  };
}

interface OpenCall {
  call: number;
  id?: string | undefined;
  named: boolean;
  started?: boolean;
}

const argumentsOf = (value: JsonValue | undefined): string | undefined =>
  value === null || value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value);

const thinkingText = (value: JsonValue | undefined): string =>
  textOf(value) ??
  objectsOf(value)
    .map((part) => textOf(part.text) ?? "")
    .join("");

/** An annotation says its own type (`url_citation`); audio and images are named after the field. */
const singular = (name: string, json: JsonValue): string =>
  name === "annotations" ? (filledOf(objectOf(json)?.type) ?? "annotation") : name === "images" ? "image" : name;
