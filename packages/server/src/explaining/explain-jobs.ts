import { type CallId, type Cost, CutawayError, plain } from "@cutaway/core";
import { explanationToJson } from "@cutaway/diagnose";
import type { Store, StoredCall, StoredFinding } from "@cutaway/store";
import { bodiesOf } from "../bodies-of.ts";
import { exportHtml } from "../html/export-html.ts";
import { explainStored } from "./explain-stored.ts";
import { outlineOf } from "./outline.ts";
import { verificationJson } from "./verification-json.ts";

/**
 * What is computed from a stored call; all answers are text.
 * `findings`: JSON of `Notes`, to be stored beside it for the list. `explanation`: JSON; of answers with more than `whole` steps, these come
 * without alternatives and stages. `steps`: JSON of some steps of an answer. `verification`: JSON of a finding's arms. `html`: the page.
 * These take up to seconds and a tokenizer in memory: too long for the thread that passes other calls' tokens on.
 */
export type Job = { id: CallId } & (
  | { kind: "findings" | "html" }
  | { kind: "explanation"; whole?: number }
  | { kind: "steps"; answer: number; from: number; to: number }
  | { kind: "verification"; rule: string }
);

export interface Notes {
  findings: StoredFinding[];
  cost?: Cost;
}

/** Does jobs over one store, without writing to it. @throws `call-not-found` for a call deleted meanwhile */
export function explainJobs(store: Store): (job: Job) => Promise<string> {
  const read = lastRead(store);
  return async (job) => {
    const found = read(job.id);
    if (job.kind === "steps") return stepsJson(found, job);
    const explanation = await explainStored(store, found);
    switch (job.kind) {
      case "html":
        return exportHtml(explanation, bodiesOf(store, found.call), (id) => store.get(id)?.call);
      case "explanation": {
        const { call, outlined } = outlineOf(found.call, job.whole ?? Number.POSITIVE_INFINITY);
        return JSON.stringify({ ...explanationToJson({ ...explanation, call }), ...(outlined.length > 0 && { outlined }) });
      }
      case "verification":
        return JSON.stringify(verificationJson(explanation, job.rule, (id) => store.get(id)));
      case "findings": {
        const { findings, cost } = explanation;
        return JSON.stringify(plain({ findings, cost }));
      }
    }
  };
}

function stepsJson({ call }: StoredCall, { answer, from, to }: Extract<Job, { kind: "steps" }>): string {
  return JSON.stringify({ steps: plain(call.answers[answer]?.steps?.slice(from, to) ?? []) });
}

/** Reads a call, and keeps the last one: a person who looks at a long answer asks for its steps page by page, and reading it takes a second. */
function lastRead(store: Store): (id: CallId) => StoredCall {
  let last: { stored: StoredCall; sequence: number } | undefined;
  return (id) => {
    if (last?.stored.call.id === id) {
      const { sequence, ids } = store.changedSince(last.sequence);
      last.sequence = sequence;
      if (!ids.includes(id)) return last.stored;
    }
    const sequence = store.lastSequence();
    const stored = store.get(id);
    if (!stored) throw new CutawayError("call-not-found", `there is no call ${id} any more`);
    last = { stored, sequence };
    return stored;
  };
}
