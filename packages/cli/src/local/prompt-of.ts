import { CutawayError, type PromptToken, type Request } from "@cutaway/core";
import type { LocalModel } from "@cutaway/runtime";

/** The prompt as the model reads it, from a call that is ended before its first token. @throws what the prompt is refused for */
export async function promptOf(model: LocalModel, request: Request, signal: AbortSignal): Promise<readonly PromptToken[]> {
  for await (const event of model.call(request, signal)) {
    if (event.type === "prompt-tokens") return event.tokens;
    if (event.type === "call-error") throw new CutawayError(event.error.code ?? "engine-failed", event.error.message);
  }
  return [];
}
