import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeUsage } from "./decode-usage.ts";
import { encodeResponse, encodeStream } from "./encode-answer.ts";
import { encodeRequest } from "./encode-request.ts";
import { streamDecoder } from "./stream-decoder.ts";

/** `POST /v1/responses`, OpenAI's and the servers that follow it (xAI, Azure, LM Studio). */
export const openaiResponses: Codec = {
  format: "openai-responses",
  decodeRequest,
  encodeRequest,
  decodeResponse,
  streamDecoder,
  decodeUsage,
  encodeResponse,
  encodeStream,
};
