import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeUsage } from "./decode-usage.ts";
import { encodeResponse, encodeStream } from "./encode-answer.ts";
import { encodeRequest } from "./encode-request.ts";
import { streamDecoder } from "./stream-decoder.ts";

/** `POST /v1/chat/completions`, as OpenAI defined it and dozens of servers speak it. */
export const openaiChat: Codec = {
  format: "openai-chat",
  decodeRequest,
  encodeRequest,
  decodeResponse,
  streamDecoder,
  decodeUsage,
  encodeResponse,
  encodeStream,
};
