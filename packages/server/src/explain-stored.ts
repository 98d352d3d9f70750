import { type Call, type CallId, CutawayError, type Explanation } from "@cutaway/core";
import { explain } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { Store } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";

/** One call of the store with all that is derived from it. @throws `call-not-found` */
export async function explainStored(store: Store, id: CallId): Promise<Explanation> {
  const found = store.get(id);
  if (!found) throw new CutawayError("call-not-found", `there is no call ${id} any more`);
  return explainIn(store, found.call);
}

export const explainIn = (store: Store, call: Call): Promise<Explanation> => explain(call, { catalog, loadTokenizer, related: store.related(call) });

/** Stores what the rules find beside the call, so that the list can show it. */
export async function storeFindings(store: Store, id: CallId): Promise<void> {
  const found = store.get(id);
  if (!found) return;
  const { call, findings, cost } = await explainIn(store, found.call);
  store.put({ call, findings, ...(cost && { cost }) });
}
