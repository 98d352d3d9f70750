import { type CallEvent, encodeUtf8, type Model, type Request } from "@cutaway/core";
import type { ExperimentSpec } from "../src/index.ts";

export const request = (text: string, parameters: Request["parameters"] = {}): Request => ({
  format: "local",
  model: "scripted",
  messages: [{ role: "user", at: "messages[0]", parts: [{ type: "text", text, at: "messages[0].parts[0].text" }] }],
  tools: [],
  parameters,
  notUnderstood: [],
});

/** Says its prompt and seed back. `on` is told of every call, and may answer with an error or throw. */
export function echo(on: (asked: Request, nth: number) => "error" | undefined = () => undefined, provider = "local"): Model & { asked: Request[] } {
  const asked: Request[] = [];
  return {
    ref: { provider, asked: "scripted" },
    access: { text: true, seed: true, deterministic: true },
    asked,
    async *call(sent, signal): AsyncGenerator<CallEvent> {
      asked.push(sent);
      const failed = on(sent, asked.length);
      yield { type: "call-start", model: { provider, asked: sent.model }, format: sent.format, request: sent };
      await Promise.resolve();
      if (signal?.aborted) {
        yield { type: "text-delta", answer: 0, text: "half an ans" };
        yield { type: "closed", by: "client" };
        return;
      }
      if (failed) yield { type: "call-error", error: { kind: "overloaded", message: "too many calls" } };
      else {
        const text = `${JSON.stringify(sent.messages[0]?.parts[0])} ${sent.parameters.seed}`;
        yield { type: "text-delta", answer: 0, text };
        yield { type: "token-step", answer: 0, step: { bytes: encodeUtf8(text) } };
        yield { type: "usage", usage: { inputTokens: 20, outputTokens: 10, source: "provider" } };
        yield { type: "answer-finish", answer: 0, finish: { reason: "stop" } };
        yield { type: "response-end" };
      }
      yield { type: "closed", by: "server" };
    },
  };
}

const shout = (asked: Request): Request => ({
  ...asked,
  messages: asked.messages.map((message) => ({ ...message, parts: message.parts.map((part) => ({ ...part, text: "LOUD" }) as typeof part) })),
});

/** Two cases × two levels × `repeats`. */
export const spec = (repeats = 3, more: Partial<ExperimentSpec> = {}): ExperimentSpec => ({
  name: "Loud or not",
  cases: [
    { id: "a", request: request("one") },
    { id: "b", request: request("two", { temperature: 0 }) },
  ],
  factors: [{ name: "voice", levels: [{ name: "as it was" }, { name: "loud", apply: shout }] }],
  repeats,
  ...more,
});
