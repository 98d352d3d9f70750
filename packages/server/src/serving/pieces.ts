import type { CallError, CallEvent, Finish, PromptToken, TokenStep } from "@cutaway/core";

/** One call in the parts that a client is told. `choice` numbers its answers. */
export type Piece =
  /** First, and as soon as the request is understood: before the call's turn has come. */
  | { type: "prompt"; tokens: PromptToken[] }
  | { type: "start"; reusedTokens: number }
  /** Text, and the steps that gave it. */
  | { type: "text"; choice: number; text: string; steps: TokenStep[] }
  | { type: "end"; choice: number; finish: Finish }
  /** Of all answers together. */
  | { type: "usage"; outputTokens: number }
  /** In place of all that would have followed. */
  | { type: "error"; error: CallError }
  | { type: "cancelled" };

export async function* piecesOf(events: AsyncIterable<CallEvent>): AsyncGenerator<Piece, void, undefined> {
  let steps: TokenStep[] = [];
  let isWhole = false;
  for await (const event of events) {
    if (event.type === "prompt-tokens") yield { type: "prompt", tokens: event.tokens };
    else if (event.type === "local-run" && event.run.reusedTokens !== undefined) yield { type: "start", reusedTokens: event.run.reusedTokens };
    else if (event.type === "token-step") steps.push(event.step);
    else if (event.type === "text-delta") {
      yield { type: "text", choice: event.answer, text: event.text, steps };
      steps = [];
    } else if (event.type === "usage") yield { type: "usage", outputTokens: event.usage.outputTokens ?? 0 };
    else if (event.type === "answer-finish") {
      steps = [];
      yield { type: "end", choice: event.answer, finish: event.finish };
    } else if (event.type === "call-error") {
      yield { type: "error", error: event.error };
      return;
    } else if (event.type === "response-end") isWhole = true;
    else if (event.type === "closed" && !isWhole) yield { type: "cancelled" };
  }
}
