import type { JsonObject, JsonValue } from "@cutaway/core";
import type { Push } from "../codec.ts";
import { filledOf, listOf, objectOf, objectsOf, textOf } from "../json/fields.ts";
import { tryJson } from "../json/parse-json.ts";
import { stamped } from "../shared/stamped.ts";

/**
 * One content block, from its start, any number of deltas and its stop; a whole block is a start and a stop.
 * Text, thinking and `tool_use` become the answer; blocks of the provider's own tools are kept whole under their type.
 */
export interface BlockDecoder {
  start(at: number | undefined): void;
  delta(delta: JsonObject, at: number | undefined): boolean;
  stop(at: number | undefined): void;
  /** The stream ends before the block does: what was told of a block that is kept whole. */
  abandon(): void;
}

export function blockDecoder(block: JsonObject, nextCall: () => number, push: Push): BlockDecoder {
  const type = textOf(block.type) ?? "block";
  const isCall = type === "tool_use";
  const isPlain = type === "text" || type === "thinking" || isCall;
  let call = 0;
  let input = "";
  let inputBytes = 0;

  const text = (value: JsonValue | undefined, at: number | undefined) => {
    if (typeof value === "string" && value !== "") push(stamped({ type: "text-delta" as const, answer: 0, text: value }, at));
  };
  const thinking = (value: JsonValue | undefined, at: number | undefined) => {
    if (typeof value === "string" && value !== "") push(stamped({ type: "reasoning-delta" as const, answer: 0, text: value }, at));
  };
  const citation = (json: JsonObject, at: number | undefined) =>
    push(stamped({ type: "other-output" as const, answer: 0, name: filledOf(json.type) ?? "citation", json }, at));

  const keep = (at: number | undefined) =>
    push(
      stamped(
        { type: "other-output" as const, answer: 0, name: type, json: inputBytes > 0 ? { ...block, input: tryJson(input) ?? input } : block },
        at,
      ),
    );

  return {
    start(at) {
      if (type === "text") {
        text(block.text, at);
        for (const json of objectsOf(block.citations)) citation(json, at);
      } else if (type === "thinking") thinking(block.thinking, at);
      else if (isCall) {
        call = nextCall();
        const id = filledOf(block.id);
        push(stamped({ type: "tool-call-start" as const, answer: 0, call, ...(id !== undefined && { id }), name: textOf(block.name) ?? "" }, at));
      }
    },
    delta(delta, at) {
      switch (delta.type) {
        case "text_delta":
          text(delta.text, at);
          return true;
        case "thinking_delta":
          thinking(delta.thinking, at);
          return true;
        case "citations_delta":
          for (const json of [objectOf(delta.citation) ?? []].flat()) citation(json, at);
          return true;
        case "signature_delta":
          return true;
        case "input_json_delta": {
          const partial = textOf(delta.partial_json) ?? "";
          inputBytes += partial.length;
          if (isCall && partial !== "") push(stamped({ type: "tool-call-delta" as const, answer: 0, call, arguments: partial }, at));
          if (!isCall) input += partial;
          return true;
        }
        default:
          return false;
      }
    },
    stop(at) {
      if (isCall && inputBytes === 0)
        push(stamped({ type: "tool-call-delta" as const, answer: 0, call, arguments: JSON.stringify(block.input ?? {}) }, at));
      if (!isPlain) keep(at);
    },
    abandon() {
      if (!isPlain) keep(undefined);
    },
  };
}

export const blocksOf = (message: JsonObject): JsonObject[] =>
  typeof message.content === "string" ? [{ type: "text", text: message.content }] : objectsOf(listOf(message.content));
