import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeUsage } from "./decode-usage.ts";
import { encodeResponse, encodeStream } from "./encode-answer.ts";
import { encodeRequest } from "./encode-request.ts";
import { streamDecoder } from "./stream-decoder.ts";

/** `POST /v1/messages`, Anthropic's own and through Bedrock's InvokeModel. */
export const anthropicMessages: Codec = {
  format: "anthropic-messages",
  decodeRequest,
  encodeRequest,
  decodeResponse,
  streamDecoder,
  decodeUsage,
  encodeResponse,
  encodeStream,
};
