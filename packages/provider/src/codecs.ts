import { CutawayError, type RequestFormat, type WireFormat } from "@cutaway/core";
import { anthropicMessages } from "./anthropic-messages/codec.ts";
import type { Codec } from "./codec.ts";
import { openaiChat } from "./openai-chat/codec.ts";
import { openaiResponses } from "./openai-responses/codec.ts";

export const codecs: Record<WireFormat, Codec> = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
};

/**
 * The wire format of a request that is to go over one.
 * @throws `not-on-a-wire`  for a request to the local runtime
 */
export function wireFormatOf({ format }: { format: RequestFormat }): WireFormat {
  if (format !== "local") return format;
  throw new CutawayError("not-on-a-wire", "a call of a local model has no wire format", { fix: "Run it again with the local model." });
}
