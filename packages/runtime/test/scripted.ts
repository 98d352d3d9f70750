import { type Call, type CallEvent, foldCall, type LocalOptions, newCallId, type Parameters, type Stepper, type Tokenizer } from "@cutaway/core";
import { type GenerateOptions, generate } from "../src/generate.ts";
import { type LocalMessage, localRequest } from "../src/local-request.ts";
import type { LocalModelInfo } from "../src/model-info.ts";
import { type ReadyModel, readyModel } from "../src/ready-model.ts";
import { scriptedStepper } from "../src/testing.ts";
import { byteTokenizer } from "./byte-tokenizer.ts";

export const bosId = 256;
export const endId = 257;

/** A model over bytes that writes what `next` says after all tokens so far; the two special tokens are BOS and the end. */
export function scripted(
  next: (ids: readonly number[]) => number | ReadonlyMap<number, number>,
  { info = {}, tokenizer = byteTokenizer(), capacity = 512 }: { info?: Partial<LocalModelInfo>; tokenizer?: Tokenizer; capacity?: number } = {},
): ReadyModel & { stepper: Stepper } {
  const stepper = scriptedStepper(
    (ids) => {
      const answer = next(ids);
      return typeof answer === "number" ? new Map([[answer, 0]]) : answer;
    },
    { vocabSize: tokenizer.vocabSize, capacity },
  );
  return readyModel({
    tokenizer,
    stepper,
    info: {
      name: "scripted",
      weights: { file: "scripted.gguf", architecture: "llama" },
      bytes: 0,
      engine: { name: "none", version: "0", threads: 1 },
      vocabSize: tokenizer.vocabSize,
      trainedContext: capacity,
      contextSize: capacity,
      markers: [],
      specials: { bos: { id: bosId as never, text: "<bos>" }, ends: [{ id: endId as never, text: "<end>" }], addBos: false },
      ...info,
    },
  });
}

/** Writes `text` after the prompt, byte by byte, then the end token. */
export function writing(text: string, prompt = "?") {
  const bytes = new TextEncoder().encode(text);
  return (ids: readonly number[]) => bytes[ids.length - prompt.length] ?? endId;
}

/** A raw request: the prompt is one user message. */
export function ask(text: string | LocalMessage[], parameters: Parameters = {}, local: LocalOptions = { raw: true }) {
  return localRequest({ model: "scripted", messages: typeof text === "string" ? [{ role: "user", text }] : text, parameters, local });
}

export async function collect(events: AsyncIterable<CallEvent>): Promise<CallEvent[]> {
  const all: CallEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export const fold = (events: Iterable<CallEvent>): Call => foldCall(events, { id: newCallId(), origin: { kind: "local" } });

export const answerTo = async (model: ReadyModel, request: ReturnType<typeof ask>, options?: GenerateOptions): Promise<Call> =>
  fold(await collect(generate(model, request, options)));
