import type { CallId, Explanation } from "@cutaway/core";
import { explain, keepVerifications } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { Store } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { readStored } from "./input/read-calls.ts";

/** The explanation of a stored call, made anew: rules and prices may know more than when it was stored. What trying a change showed is kept. */
export async function explainStored(id: CallId, store: Store): Promise<Explanation> {
  const { call } = readStored(id, store);
  const explanation = await explain(call, { catalog, loadTokenizer, related: store.related(call) });
  return { ...explanation, findings: keepVerifications(explanation.findings, store.get(id)?.findings ?? []) };
}
