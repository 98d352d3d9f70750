import type { CallError, JsonObject, PromptToken, Request, ScoredToken } from "@cutaway/core";
import type { Piece } from "./pieces.ts";
import type { ServableModel } from "./servable-model.ts";
import type { ServedCalls } from "./served-calls.ts";

/** A whole answer, or one in parts. */
export type Reply = { body: JsonObject } | { events: AsyncGenerator<JsonObject> };

/** What it takes to answer one request. */
export interface Serving {
  model: ServableModel;
  /** What clients call the model. */
  name: string;
  calls: ServedCalls;
  fingerprint: string;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
  /** The log-likelihood of a prompt's tokens, from the second on. @throws `missing-access` */
  score(prompt: readonly PromptToken[], depth: number): Promise<ScoredToken[]>;
  /** The prompt of a request without a call: its texts as they are, or its token ids. */
  promptOf(request: Request): PromptToken[];
  bytesOf(id: number): Uint8Array;
}

/** A call that failed after it had begun. */
export class CallFailed extends Error {
  readonly error: CallError;

  constructor(error: CallError) {
    super(error.message);
    this.error = error;
  }
}

/** @throws CallFailed where the piece is the end of an answer that is none */
export function throwFailure(piece: Piece): void {
  if (piece.type === "error") throw new CallFailed(piece.error);
  if (piece.type === "cancelled") throw new CallFailed({ kind: "server", code: "server_stopped", message: "the answer was stopped before its end" });
}
