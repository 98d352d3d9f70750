import type { CallError, CallEvent, Finish, PromptToken, TokenStep, Usage } from "@cutaway/core";

/** One answer in the parts that a client is told. */
export type Piece =
  /** First, and as soon as the request is understood: before the answer's turn has come. */
  | { type: "prompt"; tokens: PromptToken[] }
  | { type: "start"; reusedTokens: number }
  /** Text, and the steps that gave it. */
  | { type: "text"; text: string; steps: TokenStep[] }
  | { type: "end"; finish: Finish; usage: Usage }
  /** In place of all that would have followed. */
  | { type: "error"; error: CallError }
  | { type: "cancelled" };

export async function* piecesOf(events: AsyncIterable<CallEvent>): AsyncGenerator<Piece, void, undefined> {
  let steps: TokenStep[] = [];
  let usage: Usage = {};
  let finish: Finish | undefined;
  for await (const event of events) {
    if (event.type === "prompt-tokens") yield { type: "prompt", tokens: event.tokens };
    else if (event.type === "local-run" && event.run.reusedTokens !== undefined) yield { type: "start", reusedTokens: event.run.reusedTokens };
    else if (event.type === "token-step") steps.push(event.step);
    else if (event.type === "text-delta") {
      yield { type: "text", text: event.text, steps };
      steps = [];
    } else if (event.type === "usage") usage = event.usage;
    else if (event.type === "answer-finish") finish = event.finish;
    else if (event.type === "call-error") {
      yield { type: "error", error: event.error };
      return;
    } else if (event.type === "closed") yield finish ? { type: "end", finish, usage } : { type: "cancelled" };
  }
}
