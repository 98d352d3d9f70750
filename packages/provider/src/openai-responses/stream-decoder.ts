import { isJsonObject, type JsonObject } from "@cutaway/core";
import type { Push, StreamDecoder } from "../codec.ts";
import { errorIn } from "../errors/call-error.ts";
import { countOf, filledOf, listOf, objectOf, textOf } from "../json/fields.ts";
import { noticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import { decodeFinish } from "./decode-finish.ts";
import { decodeMeta } from "./decode-meta.ts";
import { decodeUsage } from "./decode-usage.ts";
import { outputDecoder } from "./output-decoder.ts";

/** Events of the Responses API. Terminal are `response.completed`, `response.incomplete`, `response.failed` and `response.cancelled`. */
export function streamDecoder(push: Push): StreamDecoder {
  const notices = noticePad(push);
  const calls = { count: 0 };
  const onDifference = (kind: string) =>
    notices.add(
      "final-text-differs",
      `The deltas of the ${kind} are not as long as the finished ${kind} that follows them; what was streamed is kept.`,
    );
  let output = outputDecoder(push, calls, onDifference);
  let terminal: { at: number | undefined } | undefined;
  let hasStarted = false;
  let hasError = false;

  const start = (response: JsonObject, at: number | undefined) => {
    const { model, response: meta } = decodeMeta(response);
    push(
      stamped({ type: "response-start" as const, format: "openai-responses" as const, ...(model !== undefined && { model }), response: meta }, at),
    );
  };
  const onError = (event: JsonObject, at: number | undefined) => {
    const { type: _, ...flat } = event;
    const error = errorIn(isJsonObject(event.error) ? event : { error: flat });
    if (error) push(stamped({ type: "call-error" as const, error: { ...error, inStream: true } }, at));
    hasError = true;
  };
  const onTerminal = (event: JsonObject, at: number | undefined) => {
    const response = objectOf(event.response) ?? {};
    start(response, at);
    for (const [index, item] of listOf(response.output).entries()) if (isJsonObject(item)) output.whole(index, item, at);
    const usage = decodeUsage(response.usage);
    if (usage.source) push({ type: "usage", usage });
    const failed = isJsonObject(response.error);
    if (failed && !hasError) onError({ error: response.error }, at);
    const status = filledOf(response.status) ?? event.type?.toString().slice("response.".length);
    const finish = decodeFinish({ ...response, status }, output.waitsForTool);
    if (finish && ((!failed && !hasError) || output.hasOutput)) push(stamped({ type: "answer-finish" as const, answer: 0, finish }, at));
    terminal = { at };
  };

  return {
    payload(event, at) {
      const type = textOf(event.type) ?? "";
      if (terminal) {
        notices.add("after-the-end", `${type || "An event"} came after the terminal event.`);
        if (type === "response.created") terminal = undefined;
      }
      const item = countOf(event.output_index) ?? 0;
      const part = countOf(event.content_index) ?? 0;
      switch (type) {
        case "response.created":
          if (hasStarted) {
            notices.add("duplicate-start", "response.created came more than once: another response follows in the same stream.");
            output.flush();
            output = outputDecoder(push, calls, onDifference);
          }
          hasStarted = true;
          start(objectOf(event.response) ?? {}, at);
          break;
        case "response.in_progress":
        case "response.queued":
          if (!hasStarted) start(objectOf(event.response) ?? {}, at);
          hasStarted = true;
          break;
        case "response.output_item.added":
          output.began(item, objectOf(event.item) ?? {}, at);
          break;
        case "response.output_item.done":
          output.whole(item, objectOf(event.item) ?? {}, at);
          break;
        case "response.output_text.delta":
          output.text(item, part, textOf(event.delta) ?? "", event.logprobs, at, true);
          break;
        case "response.output_text.done":
          output.text(item, part, textOf(event.text) ?? "", event.logprobs, at, false);
          break;
        case "response.refusal.delta":
          output.refusal(item, part, textOf(event.delta) ?? "", at, true);
          break;
        case "response.refusal.done":
          output.refusal(item, part, textOf(event.refusal) ?? "", at, false);
          break;
        case "response.reasoning_text.delta":
          output.reasoning(item, `content/${part}`, textOf(event.delta) ?? "", at, true);
          break;
        case "response.reasoning_text.done":
          output.reasoning(item, `content/${part}`, textOf(event.text) ?? "", at, false);
          break;
        case "response.reasoning_summary_text.delta":
          output.reasoning(item, `summary/${countOf(event.summary_index) ?? 0}`, textOf(event.delta) ?? "", at, true);
          break;
        case "response.reasoning_summary_text.done":
          output.reasoning(item, `summary/${countOf(event.summary_index) ?? 0}`, textOf(event.text) ?? "", at, false);
          break;
        case "response.function_call_arguments.delta":
        case "response.custom_tool_call_input.delta":
          output.arguments(item, textOf(event.delta) ?? "", at, true);
          break;
        case "response.function_call_arguments.done":
        case "response.custom_tool_call_input.done":
          output.arguments(item, textOf(event.arguments) ?? textOf(event.input) ?? "", at, false);
          break;
        case "response.output_text.annotation.added": {
          const annotation = objectOf(event.annotation);
          if (annotation) output.annotation(item, part, countOf(event.annotation_index) ?? 0, annotation, at);
          break;
        }
        case "response.completed":
        case "response.incomplete":
        case "response.failed":
        case "response.cancelled":
          onTerminal(event, at);
          break;
        case "error":
          onError(event, at);
          break;
        default:
          if (isJsonObject(event.error)) onError(event, at);
          else if (!progress.test(type))
            notices.add("unknown-event", `The event type ${JSON.stringify(type)} is not understood; it stays in the raw body.`);
      }
    },
    done() {},
    end() {
      output.flush();
      notices.flush();
      if (terminal) push(stamped({ type: "response-end" as const }, terminal.at));
    },
  };
}

/** Events that announce or repeat what the finished item says in full. */
const progress =
  /^(?:keepalive|ping|response\.(?:content_part|reasoning_summary_part|reasoning_part)\.(?:added|done)|response\.(?:web_search_call|file_search_call|code_interpreter_call|code_interpreter_call_code|image_generation_call|mcp_call|mcp_call_arguments|mcp_list_tools|shell_call_command|shell_call_output_content|apply_patch_call_operation_diff|audio|audio\.transcript|compaction|x_search_call|computer_call)\.[a-z_.]+)$/;
