import { type CallId, type Cost, CutawayError, plain } from "@cutaway/core";
import { explain, explanationToJson } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { Store, StoredFinding } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { bodiesOf } from "../bodies-of.ts";
import { exportHtml } from "../html/export-html.ts";

/**
 * What is computed from a stored call. `findings`: JSON text of `Notes`, to be stored beside it for the list. `explanation`: JSON text. `html`: the page.
 * These take up to a tenth of a second and a tokenizer in memory: too long for the thread that passes other calls' tokens on.
 */
export interface Job {
  kind: "findings" | "explanation" | "html";
  id: CallId;
}

export interface Notes {
  findings: StoredFinding[];
  cost?: Cost;
}

/** Does jobs over one store, without writing to it. @throws `call-not-found` for a call deleted meanwhile */
export function explainJobs(store: Store): (job: Job) => Promise<string> {
  return async ({ kind, id }) => {
    const found = store.get(id);
    if (!found) throw new CutawayError("call-not-found", `there is no call ${id} any more`);
    const explanation = await explain(found.call, { catalog, loadTokenizer, related: store.related(found.call) });
    if (kind === "html") return exportHtml(explanation, bodiesOf(store, found.call));
    if (kind === "explanation") return JSON.stringify(explanationToJson(explanation));
    const { findings, cost } = explanation;
    return JSON.stringify(plain({ findings, cost }));
  };
}
