import { type Call, type CallEvent, foldCall, newCallId, type Request } from "@cutaway/core";
import { catalog, costOf } from "@cutaway/plan";
import type { PlannedCall } from "./plan-experiment.ts";

/**
 * What a call can cost at most, US dollars: every token of input at most a byte of text, the answer as long as its cap lets it be.
 * Local calls cost nothing.
 * provider  of the model that will be asked, as the catalog spells it
 */
export function priceAtMost({ request, case: one }: PlannedCall, provider: string | undefined): { usd: number } | { unknown: string } {
  if (request.format === "local") return { usd: 0 };
  const bytes = textBytes(request);
  const before = textBytes(one.request);
  if (bytes === undefined || before === undefined) return { unknown: "the prompt holds media, whose tokens are not known" };
  const inputTokens = one.inputTokens === undefined ? bytes : one.inputTokens + Math.max(0, bytes - before);
  const cap = request.parameters.maxOutputTokens ?? catalog.find(request.model, provider)?.maxOutputTokens;
  if (cap === undefined) return { unknown: "the longest answer this model may give is not known: the request sets no cap" };
  const priced = costOf(hypothetical(request, provider, inputTokens, cap * (request.parameters.n ?? 1)));
  return "cost" in priced ? { usd: priced.cost.total } : priced;
}

/** Tokens of a message's role and markers, generously. */
const framing = 16;

/** UTF-8 bytes of all that is read, an upper bound of its tokens; undefined where there is more than text. */
function textBytes({ messages, tools, parameters }: Request): number | undefined {
  const parts = messages.flatMap(({ parts }) => parts);
  if (parts.some(({ type }) => type === "media" || type === "other")) return undefined;
  const text = JSON.stringify([parts, tools.map(({ json }) => json), parameters.responseFormat ?? null]);
  return new TextEncoder().encode(text).length + framing * messages.length;
}

function hypothetical(request: Request, provider: string | undefined, inputTokens: number, outputTokens: number): Call {
  const model = { asked: request.model, ...(provider !== undefined && { provider }) };
  const events: CallEvent[] = [
    { type: "call-start", model, format: request.format, request, issued: Date.now() },
    { type: "usage", usage: { inputTokens, outputTokens, source: "tokenizer" } },
    { type: "response-end" },
  ];
  return foldCall(events, { id: newCallId(), origin: { kind: "live" } });
}
