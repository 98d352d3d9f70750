import {
  type CallError,
  type CallEvent,
  type Finish,
  isCutawayError,
  type PromptToken,
  type Random,
  type Request,
  seededRandom,
  type TokenId,
  type TokenStep,
} from "@cutaway/core";
import type { Choice } from "@cutaway/sampling";
import { startAnswer } from "./answer-writer.ts";
import { type HeldWriter, holdAnswer, withReasons } from "./constraint/held-answer.ts";
import { notAGenerator } from "./not-a-generator.ts";
import { type CallPlan, type PlannedReading, planCall } from "./plan-call.ts";
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

  if (info.embeds) throw notAGenerator(info.name, "it answers no calls");
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

/** Reads the prompt, once, and writes the answers, one after the other, token by token, to their ends. */
async function* answerOn(
  { stepper, reader }: Tape,
  { info, bytesOf }: AnsweringModel,
  { settings, sampler, seed, reads, held: language }: CallPlan & { reads: PlannedReading },
  { signal, sinceIssued, failed }: Surroundings,
): AsyncGenerator<CallEvent, void, undefined> {
  const ends = new Map(info.specials.ends.map(({ id, text }) => [id as number, text]));
  const start = reads.begun ?? Array.from(reads.ids);
  let generated = 0;
  let answer = startAnswer(settings.stop);
  const usage = (): CallEvent => {
    const inputTokens = reads.tokens.length;
    return { type: "usage", usage: { inputTokens, outputTokens: generated, totalTokens: inputTokens + generated, source: "tokenizer" } };
  };

  /** @returns whether it came to its end; if not, nobody wants it any more */
  async function* write(index: number, after: Float32Array): AsyncGenerator<CallEvent, boolean, undefined> {
    // The seed of the n-th answer is n more than the call's: each can be drawn again by itself.
    const random = seededRandom((seed ?? 0) + index);
    sampler.reset();
    const history = [...start];
    let logits = after;
    yield* forcedEvents(reads.prefill, index, sinceIssued());
    answer = startAnswer(settings.stop, index);
    const held = language && holdAnswer(language.language, language.begun);
    while (!signal.aborted) {
      const next = nextTokens(logits, history, random, held);
      let finish: Finish | undefined = next.length === 0 ? { reason: "stop", raw: "constraint" } : undefined;
      for (const { id, step, endText, isUnasked } of next) {
        generated++;
        history.push(id);
        if (isUnasked) held?.write(id);
        yield* answer.add(step, step.at);
        const isCapped = history.length - start.length === settings.maxOutputTokens;
        finish = finishAfter(endText, answer.stoppedBy, isCapped, history.length === settings.contextSize);
        if (finish) break;
      }
      if (finish) {
        yield* answer.end(sinceIssued());
        if (index === settings.answers - 1) yield usage();
        const outcome = held?.outcome(finish.reason === "stop-sequence");
        yield { type: "answer-finish", answer: index, finish, ...(outcome && { held: outcome }), at: sinceIssued() };
        return true;
      }
      logits = await stepper.feed(next.map(({ id }) => id));
    }
    return false;
  }

  /** The token that is chosen, or those that are forced and not asked for; none where the language of the answer has come to its end. */
  function nextTokens(logits: Float32Array, history: readonly number[], random: Random, held: HeldWriter | undefined): NextToken[] {
    const unasked = held?.unasked() ?? [];
    if (unasked.length > 0) {
      const at = sinceIssued();
      return unasked.map((id) => ({ id, step: { id: id as TokenId, bytes: bytesOf(id), at, forced: "grammar" }, isUnasked: true }));
    }
    const mask = held?.mask();
    if (held && !mask) return [];
    const choice = sampler.choose(logits, history, random, settings.depth, { answerStart: start.length, ...(mask && { mask }) });
    const endText = ends.get(choice.id);
    const step = stepOf(choice, endText === undefined ? bytesOf(choice.id) : noBytes, sinceIssued(), bytesOf);
    return [{ id: choice.id, step: held ? withReasons(step, held.take(choice)) : step, ...(endText !== undefined && { endText }) }];
  }

  try {
    const logits = await readStart({ stepper, reader }, reads, () => signal.aborted);
    let isWhole = logits !== undefined;
    for (let index = 0; logits && isWhole && index < settings.answers; index++) {
      if (index > 0) stepper.truncate(start.length);
      isWhole = yield* write(index, logits);
    }
    if (isWhole) {
      yield { type: "response-end", at: sinceIssued() };
      yield { type: "closed", at: sinceIssued(), by: "server" };
      return;
    }
    yield* answer.end(sinceIssued());
    if (logits) yield usage();
    yield { type: "closed", at: sinceIssued(), by: "client" };
  } catch (error) {
    reader.forget();
    yield* answer.end(sinceIssued());
    if (generated > 0) yield usage();
    // A step that was not wanted any more when its turn came.
    if (signal.aborted) yield { type: "closed", at: sinceIssued(), by: "client" };
    else yield* failed(engineError(error));
  }
}

/** The logits after prompt and prefill; all answers go on from there. Undefined where it is not wanted any more. */
async function readStart({ stepper, reader }: Tape, { ids, begun }: PlannedReading, isStopped: () => boolean): Promise<Float32Array | undefined> {
  const logits = await reader.read(ids, isStopped);
  const prefill = begun?.slice(1) ?? [];
  if (!logits || prefill.length === 0) return logits;
  return (await stepper.feed(prefill)).slice();
}

interface NextToken {
  id: number;
  step: TokenStep & { at: number };
  /** Of a token that ends the answer. */
  endText?: string;
  /** Forced, and written without asking the model. */
  isUnasked?: true;
}

const noBytes = new Uint8Array(0);
const wallClock = () => performance.timeOrigin + performance.now();
/** Any of 2^32, so that a seed is short enough to be typed again. */
const randomSeed = () => Math.floor(Math.random() * 0x1_0000_0000);

/** An end token is a step like any other: its distribution tells how sure the model was to end. It gives no bytes to the text. */
function stepOf(choice: Choice, bytes: Uint8Array, at: number, bytesOf: (id: number) => Uint8Array): NextToken["step"] {
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
function* forcedEvents(prefill: readonly PromptToken[], index: number, at: number): Generator<CallEvent> {
  const answer = startAnswer([], index);
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
