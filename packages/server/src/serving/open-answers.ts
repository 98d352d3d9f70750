import { type CallId, CutawayError, type PromptToken, type Request } from "@cutaway/core";
import { merge } from "./merge.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import type { ServedCalls } from "./served-calls.ts";

export interface OpenAnswers {
  /** Of each request, in order. */
  prompts: PromptToken[][];
  /** The answers' pieces as they come, each with the answer's index: `request × n + choice`. */
  pieces: AsyncGenerator<[answer: number, piece: Piece]>;
}

/**
 * Starts `n` answers to each request. Resolves when all requests are understood and every prompt is known to fit, before anything is generated, so that
 * a refusal can still be a status. Choices differ by their seeds: where the request has one, the second has the next, and so on.
 * signal  ends all of them
 * id      of the first call: what the client is told can be looked up in the store
 * @throws what the model refuses; `context-length`
 */
export async function openAnswers(
  calls: ServedCalls,
  requests: readonly Request[],
  n: number,
  contextSize: number,
  signal: AbortSignal,
  id: CallId,
): Promise<OpenAnswers> {
  const all = requests.flatMap((request) => Array.from({ length: n }, (_, choice) => withSeed(request, choice)));
  const sources = all.map((request, answer) => piecesOf(calls.make(request, signal, answer === 0 ? id : undefined)));
  try {
    const prompts = await Promise.all(sources.map(async (source, at) => promptOf(await source.next(), all[at] as Request, contextSize)));
    return { prompts: prompts.filter((_, at) => at % n === 0), pieces: merge(sources) };
  } catch (error) {
    await Promise.allSettled(sources.map((source) => source.return()));
    throw error;
  }
}

function withSeed(request: Request, choice: number): Request {
  const { seed } = request.parameters;
  return seed === undefined || choice === 0 ? request : { ...request, parameters: { ...request.parameters, seed: seed + choice } };
}

function promptOf(first: IteratorResult<Piece, void>, { parameters: { maxOutputTokens = 1 } }: Request, contextSize: number): PromptToken[] {
  const piece = first.value;
  if (piece?.type === "error") throw new CutawayError(piece.error.kind === "context-length" ? "context-length" : "internal", piece.error.message);
  if (piece?.type !== "prompt") throw new CutawayError("server-stopped", "the call was stopped before it began", { kind: "interrupted" });
  const needed = piece.tokens.length + maxOutputTokens;
  if (needed <= contextSize) return piece.tokens;
  throw new CutawayError(
    "context-length",
    `This model's maximum context length is ${contextSize} tokens. However, ${needed} tokens were requested (${piece.tokens.length} in the prompt, ${maxOutputTokens} in the completion).`,
    { fix: "Shorten the prompt, or ask for fewer tokens.", data: { promptTokens: piece.tokens.length, maxOutputTokens, contextSize } },
  );
}
