import { type Call, type CallEvent, foldCall, newCallId, type Request } from "@cutaway/core";
import { catalog, costOf, splitPrompt } from "@cutaway/plan";
import { loadTokenizer } from "@cutaway/tokenizer/named";

/** What one replay will cost, as far as it can be known before; US dollars. Absent where tokens or price are unknown. */
export interface ReplayPrice {
  inputTokens?: number;
  /** Who counted the text of the input where the recording has no count: message framing and media come on top. */
  counter?: { name: string; exact: boolean };
  /** Output tokens if the answer is as long as before, and at most. */
  outputTokens?: number;
  mostOutputTokens?: number;
  asBefore?: number;
  atMost?: number;
  unknown?: string;
}

/** original  the call that is made again.   request  what will be sent. */
export async function priceOf(original: Call, request: Request): Promise<ReplayPrice> {
  const { outputTokens } = original.usage;
  if (request.format === "local") return localPrice(original, request);
  const counted = original.usage.inputTokens === undefined ? await countText(original, request) : undefined;
  const inputTokens = original.usage.inputTokens ?? counted?.tokens;
  const entry = catalog.find(request.model, original.model.provider);
  const answers = request.parameters.n ?? 1;
  const cap = request.parameters.maxOutputTokens ?? entry?.maxOutputTokens;
  const mostOutputTokens = cap === undefined ? undefined : cap * answers;
  const before = outputTokens === undefined || mostOutputTokens === undefined ? outputTokens : Math.min(outputTokens, mostOutputTokens);
  const asBefore = hypothetical(original, request, inputTokens, before);
  const atMost = hypothetical(original, request, inputTokens, mostOutputTokens);
  const unknown =
    inputTokens === undefined
      ? "the recording has no count of input tokens, and no tokenizer is known for the model"
      : (asBefore.unknown ?? atMost.unknown);
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(counted && { counter: counted.counter }),
    ...(before !== undefined && { outputTokens: before }),
    ...(mostOutputTokens !== undefined && { mostOutputTokens }),
    ...(asBefore.total !== undefined && { asBefore: asBefore.total }),
    ...(atMost.total !== undefined && { atMost: atMost.total }),
    ...(unknown !== undefined && { unknown }),
  };
}

/** Electricity aside. */
function localPrice({ usage }: Call, { parameters }: Request): ReplayPrice {
  const { inputTokens, outputTokens } = usage;
  const { maxOutputTokens } = parameters;
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens: Math.min(outputTokens, maxOutputTokens ?? outputTokens) }),
    ...(maxOutputTokens !== undefined && { mostOutputTokens: maxOutputTokens }),
    asBefore: 0,
    atMost: 0,
  };
}

/** The input's text as the catalog's tokenizer counts it, where there is one. */
async function countText(original: Call, request: Request): Promise<{ tokens: number; counter: { name: string; exact: boolean } } | undefined> {
  const known = catalog.find(request.model, original.model.provider)?.tokenizer;
  if (!known) return undefined;
  const { counted } = splitPrompt(request, { counter: { tokenizer: await loadTokenizer(known.name), exact: known.exact } });
  return counted === undefined ? undefined : { tokens: counted, counter: known };
}

/** The price of a call that would use so many tokens, none of them from a cache. */
function hypothetical(
  original: Call,
  request: Request,
  inputTokens: number | undefined,
  outputTokens: number | undefined,
): { total?: number; unknown?: string } {
  if (inputTokens === undefined || outputTokens === undefined) return {};
  const { provider } = original.model;
  const events: CallEvent[] = [
    {
      type: "call-start",
      model: { asked: request.model, ...(provider !== undefined && { provider }) },
      format: request.format,
      request,
      issued: Date.now(),
    },
    { type: "usage", usage: { inputTokens, outputTokens, source: "tokenizer" } },
    { type: "response-end" },
  ];
  const priced = costOf(foldCall(events, { id: newCallId(), origin: { kind: "live" } }));
  return "cost" in priced ? { total: priced.cost.total } : { unknown: priced.unknown };
}
