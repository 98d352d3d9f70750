import { type Call, type CallId, CutawayError } from "@cutaway/core";
import { explain, explanationToJson } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { Bodies, Store } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { exportHtml } from "../html/export-html.ts";

/**
 * What is computed from a stored call. `findings`: stored beside it, for the list; the answer is empty. `explanation`: JSON text. `html`: the page.
 * These take up to a tenth of a second and a tokenizer in memory: too long for the thread that passes other calls' tokens on.
 */
export interface Job {
  kind: "findings" | "explanation" | "html";
  id: CallId;
}

/** Does jobs over one store. @throws `call-not-found` for a call deleted meanwhile */
export function explainJobs(store: Store): (job: Job) => Promise<string> {
  return async ({ kind, id }) => {
    const found = store.get(id);
    if (!found) {
      if (kind === "findings") return "";
      throw new CutawayError("call-not-found", `there is no call ${id} any more`);
    }
    const explanation = await explain(found.call, { catalog, loadTokenizer, related: store.related(found.call) });
    if (kind === "html") return exportHtml(explanation, bodiesOf(store, found.call));
    if (kind === "explanation") return JSON.stringify(explanationToJson(explanation));
    const { findings, cost } = explanation;
    store.annotate(id, { findings, ...(cost && { cost }) });
    return "";
  };
}

export function bodiesOf(store: Store, call: Call): Bodies {
  const request = call.bodies?.request === undefined ? undefined : store.body(call.bodies.request);
  const response = call.bodies?.response === undefined ? undefined : store.body(call.bodies.response);
  return { ...(request && { request }), ...(response && { response }) };
}
