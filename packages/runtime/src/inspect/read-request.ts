import { CutawayError, type InsideRequest, type InsideToken, type PromptToken, type TokenId } from "@cutaway/core";
import { planCall } from "../plan-call.ts";
import type { Vocabulary } from "../ready-model.ts";
import { encoderTokens } from "./encoder-tokens.ts";
import type { Reading } from "./open-model.ts";

/** The tokens that a model reads for a request, as it reads them. */
export interface ReadRequest {
  reading: Reading;
  tokens: InsideToken[];
  /** What an encoder reads, where there is one besides the decoder. */
  source?: InsideToken[];
}

/** @throws what is wrong with the request; `context-full`; `unknown-token`; `no-ids` */
export function readRequest({ request, prompt, answer = [] }: InsideRequest, vocabulary: Vocabulary): ReadRequest {
  const { info, bytesOf } = vocabulary;
  const read = (prompt ?? promptOf(request, vocabulary)).map(known);
  const said = Array.from(answer, (id): InsideToken => ({ id: id as TokenId, bytes: bytesOf(id), segment: "answer" }));
  const { decoderStart } = info;
  const tokens = decoderStart
    ? [{ id: decoderStart.id, bytes: bytesOf(decoderStart.id), segment: "template" as const, special: true as const }, ...said]
    : [...read, ...said];
  for (const { id } of [...read, ...said]) requireKnown(id, info.vocabSize);
  if (tokens.length > info.contextSize) throw tooLong(tokens.length, info.contextSize);
  const ids = (list: InsideToken[]) => list.map(({ id }) => id as number);
  return decoderStart ? { reading: { ids: ids(tokens), source: ids(read) }, tokens, source: read } : { reading: { ids: ids(tokens) }, tokens };
}

function promptOf(request: InsideRequest["request"], vocabulary: Vocabulary): PromptToken[] {
  if (vocabulary.info.embeds && !request.local?.tokens) return encoderTokens(request, vocabulary);
  const { reads, promptTokens } = planCall(request, vocabulary, { now: new Date(), drawSeed: () => 0 });
  if (!reads) throw tooLong(promptTokens, vocabulary.info.contextSize);
  return reads.tokens;
}

function known({ id, ...token }: PromptToken): InsideToken {
  if (id !== undefined) return { ...token, id };
  throw new CutawayError("no-ids", "the prompt was recorded without token ids", {
    fix: "Only calls of local models are looked into; replay this one with a local model.",
  });
}

function requireKnown(id: number, vocabSize: number): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabSize) return;
  throw new CutawayError("unknown-token", `token ${id} is none of the model's ${vocabSize}`, {
    fix: "Is this the model that made the call?",
    data: { id },
  });
}

const tooLong = (tokens: number, contextSize: number) =>
  new CutawayError("context-full", `${tokens} tokens do not fit a context of ${contextSize}`, {
    fix: "Shorten the prompt.",
    data: { tokens, contextSize },
  });
