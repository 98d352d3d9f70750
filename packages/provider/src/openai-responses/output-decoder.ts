import type { JsonObject, JsonValue } from "@cutaway/core";
import type { Push } from "../codec.ts";
import { filledOf, objectsOf, textOf } from "../json/fields.ts";
import { tokenStep } from "../shared/logprobs.ts";
import { stamped } from "../shared/stamped.ts";

/**
 * The output items of one response. Each part of an item can come as deltas, as a `done` text, in the finished item and again in the finished
 * response: whichever comes first is taken, the rest is known already. Items are told apart by their position, not their id: some gateways give
 * an item a new id in every event.
 */
export interface OutputDecoder {
  text(item: number, part: number, text: string, logprobs: JsonValue | undefined, at: number | undefined, isDelta: boolean): void;
  refusal(item: number, part: number, text: string, at: number | undefined, isDelta: boolean): void;
  reasoning(item: number, part: string, text: string, at: number | undefined, isDelta: boolean): void;
  arguments(item: number, text: string, at: number | undefined, isDelta: boolean): void;
  annotation(item: number, part: number, index: number, json: JsonObject, at: number | undefined): void;
  began(item: number, json: JsonObject, at: number | undefined): void;
  whole(item: number, json: JsonObject, at: number | undefined): void;
  /** Items that began and never finished: kept as far as they were told. */
  flush(): void;
  readonly waitsForTool: boolean;
  readonly hasOutput: boolean;
}

/** Told once of each part whose deltas say something else than its whole. */
type OnDifference = (kind: "text" | "refusal" | "reasoning" | "arguments") => void;

/** counter  shared where several responses follow each other in one stream, so that their tool calls stay apart */
export function outputDecoder(push: Push, counter = { count: 0 }, onDifference: OnDifference = () => {}): OutputDecoder {
  const seen = new Set<string>();
  const streamed = new Map<string, number>();
  const calls = new Map<number, number>();
  const unfinished = new Map<number, JsonObject>();
  let waitsForTool = false;
  let hasOutput = false;

  /** Whether this part is to be emitted: always as a delta, as a whole only when no delta of it was. */
  const isNews = (key: string, isDelta: boolean): boolean => {
    if (!isDelta && seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  /** Counts what deltas bring; a whole of another length is told of. */
  const compare = (kind: Parameters<OnDifference>[0], key: string, text: string, isDelta: boolean) => {
    const length = streamed.get(key);
    if (isDelta) streamed.set(key, (length ?? 0) + text.length);
    else if (length !== undefined && length !== text.length) {
      onDifference(kind);
      streamed.delete(key);
    }
  };
  const steps = (key: string, logprobs: JsonValue | undefined, at: number | undefined, isDelta: boolean) => {
    const entries = objectsOf(logprobs);
    if (entries.length === 0 || !isNews(`${key}/steps`, isDelta)) return;
    for (const entry of entries) {
      const step = tokenStep(entry, at);
      if (step) push({ type: "token-step", answer: 0, step });
    }
  };
  const callOf = (item: number): number => {
    const call = calls.get(item) ?? counter.count++;
    calls.set(item, call);
    return call;
  };
  const startCall = (item: number, json: JsonObject, at: number | undefined) => {
    waitsForTool = true;
    hasOutput = true;
    if (!isNews(`${item}/call`, false)) return;
    const id = filledOf(json.call_id) ?? filledOf(json.id);
    const name = filledOf(json.name);
    push(
      stamped(
        { type: "tool-call-start" as const, answer: 0, call: callOf(item), ...(id !== undefined && { id }), ...(name !== undefined && { name }) },
        at,
      ),
    );
  };

  const decoder: OutputDecoder = {
    get waitsForTool() {
      return waitsForTool;
    },
    get hasOutput() {
      return hasOutput;
    },
    text(item, part, text, logprobs, at, isDelta) {
      const key = `${item}/text/${part}`;
      hasOutput ||= text !== "";
      compare("text", key, text, isDelta);
      if (isNews(key, isDelta)) push(stamped({ type: "text-delta" as const, answer: 0, text }, at));
      steps(key, logprobs, at, isDelta);
    },
    refusal(item, part, text, at, isDelta) {
      hasOutput = true;
      compare("refusal", `${item}/refusal/${part}`, text, isDelta);
      if (isNews(`${item}/refusal/${part}`, isDelta)) push(stamped({ type: "refusal-delta" as const, answer: 0, text }, at));
    },
    reasoning(item, part, text, at, isDelta) {
      hasOutput ||= text !== "";
      compare("reasoning", `${item}/reasoning/${part}`, text, isDelta);
      if (isNews(`${item}/reasoning/${part}`, isDelta) && text !== "") push(stamped({ type: "reasoning-delta" as const, answer: 0, text }, at));
    },
    arguments(item, text, at, isDelta) {
      hasOutput = true;
      compare("arguments", `${item}/arguments`, text, isDelta);
      if (isNews(`${item}/arguments`, isDelta) && text !== "")
        push(stamped({ type: "tool-call-delta" as const, answer: 0, call: callOf(item), arguments: text }, at));
    },
    annotation(item, part, index, json, at) {
      if (isNews(`${item}/annotation/${part}/${index}`, false))
        push(stamped({ type: "other-output" as const, answer: 0, name: filledOf(json.type) ?? "annotation", json }, at));
    },
    began(item, json, at) {
      if (isCallersTool(json.type)) startCall(item, json, at);
      else if (json.type === "message") waitsForTool = false;
      else if (json.type !== "reasoning") unfinished.set(item, json);
    },
    whole(item, json, at) {
      unfinished.delete(item);
      if (isCallersTool(json.type)) {
        startCall(item, json, at);
        decoder.arguments(item, argumentsOf(json.arguments ?? json.input), at, false);
      } else if (json.type === "message") {
        waitsForTool = false;
        for (const [part, content] of objectsOf(json.content).entries()) messagePart(decoder, item, part, content, at, push);
      } else if (json.type === "reasoning") {
        for (const [part, summary] of objectsOf(json.summary).entries())
          decoder.reasoning(item, `summary/${part}`, textOf(summary.text) ?? "", at, false);
        for (const [part, content] of objectsOf(json.content).entries())
          decoder.reasoning(item, `content/${part}`, textOf(content.text) ?? "", at, false);
      } else {
        hasOutput = true;
        if (isNews(`${item}/other`, false))
          push(stamped({ type: "other-output" as const, answer: 0, name: filledOf(json.type) ?? "item", json }, at));
      }
    },
    flush() {
      for (const [item, json] of unfinished) decoder.whole(item, json, undefined);
    },
  };
  return decoder;
}

function messagePart(decoder: OutputDecoder, item: number, part: number, content: JsonObject, at: number | undefined, push: Push): void {
  const text = textOf(content.text);
  const refusal = textOf(content.refusal);
  if (content.type === "refusal" || (text === undefined && refusal !== undefined)) decoder.refusal(item, part, refusal ?? "", at, false);
  else if (text !== undefined) {
    decoder.text(item, part, text, content.logprobs, at, false);
    for (const [index, annotation] of objectsOf(content.annotations).entries()) decoder.annotation(item, part, index, annotation, at);
  } else push(stamped({ type: "other-output" as const, answer: 0, name: filledOf(content.type) ?? "content-part", json: content }, at));
}

/** Everything else that is called runs at the provider, or has a shape of its own, and is kept whole. */
const isCallersTool = (type: JsonValue | undefined) => type === "function_call" || type === "custom_tool_call";

const argumentsOf = (value: JsonValue | undefined): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
