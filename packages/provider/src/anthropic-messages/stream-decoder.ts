import type { JsonObject } from "@cutaway/core";
import type { Push, StreamDecoder } from "../codec.ts";
import { errorIn } from "../errors/call-error.ts";
import { countOf, filledOf, objectOf, textOf } from "../json/fields.ts";
import { noticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import { type BlockDecoder, blockDecoder, blocksOf } from "./block-decoder.ts";
import { decodeFinish } from "./decode-finish.ts";
import { decodeMeta } from "./decode-meta.ts";
import { decodeUsage } from "./decode-usage.ts";

/**
 * Events of a message. The terminal marker is `message_stop`. Counts of `message_delta` are cumulative and replace those of `message_start`,
 * whose output count is only a beginning: until a `message_delta` comes, the output is unknown.
 */
export function streamDecoder(push: Push): StreamDecoder {
  const notices = noticePad(push);
  const open = new Map<number, BlockDecoder>();
  let usage: JsonObject = {};
  let calls = 0;
  let hasStarted = false;
  let terminal: { at: number | undefined } | undefined;

  const onUsage = (json: JsonObject | undefined, isFinal: boolean) => {
    if (!json) return;
    usage = { ...usage, ...Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null)) };
    const { outputTokens, ...counts } = decodeUsage(usage);
    const told = isFinal && outputTokens !== undefined ? { ...counts, outputTokens } : counts;
    // Named even where it is unknown: events merge, and a split told at the start must not outlive the sum it belongs to.
    const split = isFinal ? { cacheWrite5mTokens: counts.cacheWrite5mTokens, cacheWrite1hTokens: counts.cacheWrite1hTokens } : {};
    if (told.source) push({ type: "usage", usage: { ...told, ...split } });
  };
  const onStart = (event: JsonObject, at: number | undefined) => {
    if (hasStarted) notices.add("duplicate-start", "message_start came more than once: another message follows in the same stream.");
    hasStarted = true;
    terminal = undefined;
    open.clear();
    const message = objectOf(event.message) ?? {};
    const { model, response } = decodeMeta(message);
    push(stamped({ type: "response-start" as const, format: "anthropic-messages" as const, ...(model !== undefined && { model }), response }, at));
    for (const block of blocksOf(message)) {
      const decoder = blockDecoder(block, () => calls++, push);
      decoder.start(at);
      decoder.stop(at);
    }
    usage = {};
    onUsage(objectOf(message.usage), false);
  };

  return {
    payload(event, at) {
      const type = textOf(event.type) ?? "";
      if (terminal && type !== "message_start" && type !== "ping") notices.add("after-the-end", `${type || "An event"} came after message_stop.`);
      const index = countOf(event.index) ?? 0;
      switch (type) {
        case "message_start":
          onStart(event, at);
          break;
        case "content_block_start": {
          if (open.has(index)) notices.add("duplicate-block", `content_block_start came twice for block ${index}.`);
          const decoder = blockDecoder(objectOf(event.content_block) ?? {}, () => calls++, push);
          open.set(index, decoder);
          decoder.start(at);
          break;
        }
        case "content_block_delta": {
          const delta = objectOf(event.delta) ?? {};
          let block = open.get(index);
          if (!block) {
            notices.add("missing-block-start", `A delta belongs to block ${index}, which was not started.`);
            block = blockDecoder({ type: blockTypeOf(delta) }, () => calls++, push);
            open.set(index, block);
            block.start(at);
          }
          if (!block.delta(delta, at))
            notices.add("unknown-event", `The delta type ${JSON.stringify(delta.type ?? null)} is not understood; it stays in the raw body.`);
          break;
        }
        case "content_block_stop":
          open.get(index)?.stop(at);
          open.delete(index);
          break;
        case "message_delta": {
          const finish = decodeFinish(objectOf(event.delta) ?? {});
          if (finish) push(stamped({ type: "answer-finish" as const, answer: 0, finish }, at));
          onUsage(objectOf(event.usage), true);
          break;
        }
        case "message_stop":
          terminal = { at };
          break;
        case "ping":
          break;
        case "error": {
          const error = errorIn(event);
          const requestId = filledOf(event.request_id);
          if (requestId !== undefined) push({ type: "response-start", format: "anthropic-messages", response: { requestId } });
          if (error) push(stamped({ type: "call-error" as const, error: { ...error, inStream: true } }, at));
          break;
        }
        default:
          notices.add("unknown-event", `The event type ${JSON.stringify(type)} is not understood; it stays in the raw body.`);
      }
    },
    done() {},
    end() {
      for (const block of open.values()) block.abandon();
      notices.flush();
      if (terminal) push(stamped({ type: "response-end" as const }, terminal.at));
    },
  };
}

function blockTypeOf(delta: JsonObject): string {
  if (delta.type === "thinking_delta") return "thinking";
  return delta.type === "input_json_delta" ? "tool_use" : "text";
}
