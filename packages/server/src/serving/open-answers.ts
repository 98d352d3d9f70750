import { type CallId, CutawayError, type PromptToken, type Request } from "@cutaway/core";
import { merge } from "./merge.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import type { ServedCalls } from "./served-calls.ts";

export interface OpenAnswers {
  /** Of each request, in order. */
  prompts: PromptToken[][];
  /** The calls' pieces as they come, each with the number of its request. */
  pieces: AsyncGenerator<[request: number, piece: Piece]>;
}

/**
 * Starts a call for each request. Resolves when all are understood and every prompt is known to fit, before anything is generated, so that a refusal can
 * still be a status.
 * signal  ends all of them
 * id      of the first call: what the client is told can be looked up in the store
 * @throws what the model refuses; `context-length`
 */
export async function openAnswers(
  calls: ServedCalls,
  requests: readonly Request[],
  contextSize: number,
  signal: AbortSignal,
  id: CallId,
): Promise<OpenAnswers> {
  const sources = requests.map((request, at) => piecesOf(calls.make(request, signal, at === 0 ? id : undefined)));
  try {
    const prompts = await Promise.all(sources.map(async (source, at) => promptOf(await source.next(), requests[at] as Request, contextSize)));
    return { prompts, pieces: merge(sources) };
  } catch (error) {
    await Promise.allSettled(sources.map((source) => source.return()));
    throw error;
  }
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
