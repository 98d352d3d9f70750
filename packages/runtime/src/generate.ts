import {
  type CallError,
  type CallEvent,
  type Finish,
  isCutawayError,
  type PromptToken,
  type Request,
  seededRandom,
  type TokenId,
  type TokenStep,
} from "@cutaway/core";
import type { Choice } from "@cutaway/sampling";
import { startAnswer } from "./answer-writer.ts";
import { type CallPlan, planCall } from "./plan-call.ts";
import type { AnsweringModel } from "./ready-model.ts";
import type { Tape } from "./streams/tape-pool.ts";

export interface GenerateOptions {
  /** Looked at before every token and every piece of the prompt. */
  signal?: { readonly aborted: boolean };
  /** Milliseconds since the epoch, with fractions. */
  now?(): number;
  /** When the caller asked, on the same clock; default: now. */
  issued?: number;
  /** Gives the seed where the request has none and something is to be drawn. */
  drawSeed?(): number;
}

/**
 * Answers one request, token by token. The events end with `closed`, whatever happens.
 * @throws before the first event, for a request that is wrong in itself: `unsupported-parameter`, `invalid-parameter`, `no-chat-template`, …
 */
export async function* generate(model: AnsweringModel, request: Request, options: GenerateOptions = {}): AsyncGenerator<CallEvent, void, undefined> {
  const { now = wallClock, drawSeed = randomSeed, signal = { aborted: false } } = options;
  const { info } = model;
  const issued = options.issued ?? now();
  const sinceIssued = () => Math.max(0, Math.round((now() - issued) * 1000) / 1000);
  const failed = function* (error: CallError): Generator<CallEvent> {
    yield { type: "call-error", error, at: sinceIssued() };
    yield { type: "response-end", at: sinceIssued() };
    yield { type: "closed", at: sinceIssued(), by: "server" };
  };

  const plan = planCall(request, model, { now: new Date(issued), drawSeed });
  const { settings, reads } = plan;

  yield {
    type: "call-start",
    model: { provider: "local", asked: request.model, served: info.name, ...(info.weights.sha256 && { revision: info.weights.sha256 }) },
    format: "local",
    request,
    issued: Math.round(issued),
  };
  if (!reads) {
    yield { type: "local-run", run: plan.run };
    yield* failed(tooLong(plan.promptTokens, settings.contextSize));
    return;
  }
  yield { type: "prompt-tokens", tokens: reads.tokens };
  const taken = await model
    .take({ positions: plan.positions, ids: reads.ids, isStopped: () => signal.aborted })
    .catch((error: unknown) => ({ error }));
  if (!taken || "error" in taken) {
    yield { type: "local-run", run: plan.run };
    if (taken) yield* failed(engineError(taken.error));
    else yield { type: "closed", at: sinceIssued(), by: "client" };
    return;
  }
  try {
    yield { type: "local-run", run: { ...plan.run, reusedTokens: taken.reader.shared(reads.ids) } };
    if (reads.dropped) yield { type: "notice", notice: { code: "prompt-truncated", says: droppedSays(reads.dropped, settings.contextSize) } };
    yield* answerOn(taken, model, { ...plan, reads }, { signal, sinceIssued, failed });
  } finally {
    model.giveBack(taken);
  }
}

interface Surroundings {
  signal: { readonly aborted: boolean };
  sinceIssued(): number;
  failed(error: CallError): Generator<CallEvent>;
}

/** Reads the prompt and writes the answer, token by token, to its end. */
async function* answerOn(
  { stepper, reader }: Tape,
  { info, bytesOf }: AnsweringModel,
  { settings, sampler, seed, reads }: CallPlan & { reads: NonNullable<CallPlan["reads"]> },
  { signal, sinceIssued, failed }: Surroundings,
): AsyncGenerator<CallEvent, void, undefined> {
  const { ids } = reads;
  const ends = new Map(info.specials.ends.map(({ id, text }) => [id as number, text]));
  const random = seededRandom(seed ?? 0);
  const answer = startAnswer(settings.stop);
  const history = Array.from(ids);
  let generated = 0;
  const usage = (): CallEvent => ({
    type: "usage",
    usage: { inputTokens: ids.length, outputTokens: generated, totalTokens: ids.length + generated, source: "tokenizer" },
  });

  try {
    let logits = await reader.read(ids, () => signal.aborted);
    if (logits) yield* forcedEvents(reads.prefill, sinceIssued());
    while (logits && !signal.aborted) {
      const choice = sampler.choose(logits, history, random, settings.depth);
      const at = sinceIssued();
      generated++;
      history.push(choice.id);
      const endText = ends.get(choice.id);
      yield* answer.add(stepOf(choice, endText === undefined ? bytesOf(choice.id) : noBytes, at, bytesOf), at);
      const finish = finishAfter(endText, answer.stoppedBy, generated === settings.maxOutputTokens, ids.length + generated === settings.contextSize);
      if (finish) {
        yield* answer.end(sinceIssued());
        yield usage();
        yield { type: "answer-finish", answer: 0, finish, at: sinceIssued() };
        yield { type: "response-end", at: sinceIssued() };
        yield { type: "closed", at: sinceIssued(), by: "server" };
        return;
      }
      logits = await stepper.feed([choice.id]);
    }
    yield* answer.end(sinceIssued());
    if (logits) yield usage();
    yield { type: "closed", at: sinceIssued(), by: "client" };
  } catch (error) {
    reader.forget();
    yield* answer.end(sinceIssued());
    if (generated > 0) yield usage();
    yield* failed(engineError(error));
  }
}

const noBytes = new Uint8Array(0);
const wallClock = () => performance.timeOrigin + performance.now();
/** Any of 2^32, so that a seed is short enough to be typed again. */
const randomSeed = () => Math.floor(Math.random() * 0x1_0000_0000);

/** An end token is a step like any other: its distribution tells how sure the model was to end. It gives no bytes to the text. */
function stepOf(choice: Choice, bytes: Uint8Array, at: number, bytesOf: (id: number) => Uint8Array): TokenStep {
  const { id, top, ...rest } = choice;
  return {
    id: id as TokenId,
    bytes,
    at,
    ...rest,
    top: top.map((candidate) => ({ ...candidate, id: candidate.id as TokenId, bytes: bytesOf(candidate.id) })),
  };
}

/** The beginning that the caller gave: in the prompt for the model, in the answer for the reader. No time and no distribution: the model chose none of it. */
function* forcedEvents(prefill: readonly PromptToken[], at: number): Generator<CallEvent> {
  const answer = startAnswer([]);
  for (const { id, bytes } of prefill) yield* withoutTime(answer.add({ ...(id !== undefined && { id }), bytes, forced: "prefill" }, at));
  yield* withoutTime(answer.end(at));
}

const withoutTime = (events: CallEvent[]): CallEvent[] =>
  events.map((event) => (event.type === "text-delta" ? { type: event.type, answer: event.answer, text: event.text } : event));

function finishAfter(endText: string | undefined, stop: string | undefined, isCapped: boolean, isFull: boolean): Finish | undefined {
  if (endText !== undefined) return { reason: "stop", raw: endText };
  if (stop !== undefined) return { reason: "stop-sequence", raw: "stop", stopSequence: stop };
  if (isCapped) return { reason: "output-cap", raw: "length" };
  return isFull ? { reason: "context-full", raw: "context" } : undefined;
}

function tooLong(promptTokens: number, contextSize: number): CallError {
  return {
    kind: "context-length",
    code: "prompt-too-long",
    message: `the prompt has ${promptTokens} tokens, and with one token of an answer it does not fit into a context of ${contextSize}; nothing was generated`,
    param: "local.contextSize",
    raw: { promptTokens, contextSize },
  };
}

function droppedSays({ tokens, of, at }: { tokens: number; of: number; at: "start" | "end" }, contextSize: number): string {
  return `${tokens} of the prompt's ${of} tokens were left out at its ${at}, as asked: it did not fit into a context of ${contextSize}`;
}

function engineError(error: unknown): CallError {
  return {
    kind: "server",
    code: isCutawayError(error) ? error.code : "engine-failed",
    message: error instanceof Error ? error.message : String(error),
  };
}
