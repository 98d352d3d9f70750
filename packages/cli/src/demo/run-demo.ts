import { type Call, type Explanation, type Finding, isCutawayError, type Model, type Verification } from "@cutaway/core";
import { explain, verify } from "@cutaway/diagnose";
import { type Progress, planExperiment, runExperiment } from "@cutaway/lab";
import { catalog } from "@cutaway/plan";
import type { Store } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { ranked } from "../render/finding.ts";
import type { DemoCase } from "./demo-cases.ts";

export interface DemoOptions {
  store: Store;
  /** Asked only when a call has to be made. */
  model(): Promise<Model>;
  signal: AbortSignal;
  /** What is being done now. */
  onProgress(progress: { case: DemoCase; doing: "call" | "verify"; of?: Progress }): void;
}

export interface DemoResult {
  case: DemoCase;
  explanation: Explanation;
  /** Calls it took until something went wrong. */
  calls: Call[];
  /** The gravest finding that the complaint is about and that names a change, with its verdict. */
  finding?: Finding & { verification: Verification };
}

/**
 * Makes each call, explains it and puts its gravest finding to the test. Everything is stored as it ends: after any stop, `kill -9` included,
 * the same demo goes on where it was and repeats no call.
 * @returns the cases that were done; fewer than were given when the signal stopped it
 */
export async function runDemo(cases: readonly DemoCase[], options: DemoOptions): Promise<DemoResult[]> {
  const results: DemoResult[] = [];
  for (const one of cases) {
    if (options.signal.aborted) break;
    const result = await runCase(one, options).catch((error: unknown) => {
      if (options.signal.aborted && isCutawayError(error) && error.kind === "interrupted") return undefined;
      throw error;
    });
    if (result) results.push(result);
  }
  return results;
}

async function runCase(one: DemoCase, options: DemoOptions): Promise<DemoResult | undefined> {
  const { store, signal } = options;
  const plan = planExperiment({
    name: `demo ${one.id}`,
    cases: [{ id: one.id, request: one.request }],
    factors: [],
    repeats: one.attempts,
    role: "case",
  });
  for (let calls = one.least; calls <= one.attempts; calls++) {
    options.onProgress({ case: one, doing: "call" });
    const ran = await runExperiment(plan, { store, limits: { calls }, modelFor: options.model, signal });
    if (ran.stopped === "aborted") return undefined;
    const made = ran.rows.flatMap(({ call }) => store.get(call) ?? []);
    const last = made.at(-1);
    if (!last) return undefined;
    const earlier = made.slice(0, -1).map(({ call }) => call);
    const explanation = await explain(last.call, { catalog, loadTokenizer, related: earlier });
    const finding = ranked(explanation.findings).find((found) => isMeant(found, one) && found.severity !== "note" && found.change);
    if (!finding && calls < one.attempts) continue;
    const all = { case: one, explanation, calls: made.map(({ call }) => call) };
    if (!finding) return all;
    const known = last.findings.find(({ rule, verification }) => rule === finding.rule && verification)?.verification;
    const verification = known ?? (await verified(one, last.call, finding, options));
    if (!verification) return undefined;
    const judged = { ...finding, verification };
    const findings = explanation.findings.map((other) => (other === finding ? judged : other));
    if (!known) store.annotate(last.call.id, { findings });
    return { ...all, explanation: { ...explanation, findings }, finding: judged };
  }
  return undefined;
}

/** A rule is named `family.cause`. */
const isMeant = ({ rule }: Finding, { families }: DemoCase) => families.some((family) => rule.startsWith(`${family}.`));

/** Undefined when the signal stopped it; the runs that were made are kept and count when it goes on. */
async function verified(one: DemoCase, call: Call, finding: Finding, options: DemoOptions): Promise<Verification | undefined> {
  const { store, signal } = options;
  try {
    return await verify(call, finding, {
      store,
      signal,
      modelFor: options.model,
      onProgress: (of) => options.onProgress({ case: one, doing: "verify", of }),
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
