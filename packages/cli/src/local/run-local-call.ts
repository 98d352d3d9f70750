import { type CallEvent, type CallId, type Explanation, type Model, newCallId, type Request, startFold } from "@cutaway/core";
import { explain } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { Store } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";

export interface LocalCallOptions {
  /** Where the call is kept from its first token on. Absent: nowhere. */
  store?: Store;
  parent?: CallId;
  onEvent?(event: CallEvent): void;
}

/** Makes one call of a local model and explains it. An abort ends it as cancelled, with all that was generated. */
export async function runLocalCall(model: Model, request: Request, options: LocalCallOptions, signal: AbortSignal): Promise<Explanation> {
  const { store, parent, onEvent } = options;
  const folder = startFold({
    id: newCallId(),
    origin: { kind: "local" },
    ...(parent !== undefined && { parent }),
  });
  for await (const event of model.call(request, signal)) {
    folder.push(event);
    if (event.type === "local-run") store?.begin(folder.call());
    onEvent?.(event);
  }
  const call = folder.call();
  const explanation = await explain(call, { catalog, loadTokenizer, ...(store && { related: store.related(call) }) });
  if (!store) return explanation;
  const { findings, cost } = explanation;
  return { ...explanation, call: store.put({ call, findings, ...(cost && { cost }) }) };
}
