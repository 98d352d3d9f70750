import type { Explanation } from "@cutaway/core";
import { explain, keepVerifications } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { Store, StoredCall } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";

/** A stored call explained anew, with what trying its findings' changes showed before. */
export async function explainStored(store: Store, { call, findings }: StoredCall): Promise<Explanation> {
  const explanation = await explain(call, { catalog, loadTokenizer, related: store.related(call) });
  return { ...explanation, findings: keepVerifications(explanation.findings, findings) };
}
