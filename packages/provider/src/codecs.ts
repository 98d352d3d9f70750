import type { WireFormat } from "@cutaway/core";
import { anthropicMessages } from "./anthropic-messages/codec.ts";
import type { Codec } from "./codec.ts";
import { openaiChat } from "./openai-chat/codec.ts";
import { openaiResponses } from "./openai-responses/codec.ts";

export const codecs: Record<WireFormat, Codec> = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
};
