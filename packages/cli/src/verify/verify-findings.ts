import type { Call, Explanation, Finding } from "@cutaway/core";
import { verify } from "@cutaway/diagnose";
import type { Progress } from "@cutaway/lab";
import { environmentKeys, redactor } from "@cutaway/provider";
import { type LocalModels, modelOf } from "@cutaway/server";
import type { Store } from "@cutaway/store";
import { ranked } from "../render/finding.ts";

export interface VerifyFindings {
  store: Store;
  locals: LocalModels;
  /** Where remote calls go instead of the provider. */
  baseUrl?: string;
  limits: { calls?: number; cost?: number };
  signal: AbortSignal;
  onProgress(finding: Finding, progress: Progress): void;
}

/**
 * Puts every finding that names a change to the test, the gravest first, and stores each verdict as it comes.
 * @throws `interrupted` after an abort; verdicts and runs until then are kept
 */
export async function verifyFindings(explanation: Explanation, options: VerifyFindings): Promise<Explanation> {
  const { store, limits, signal } = options;
  let { findings } = explanation;
  for (const finding of ranked(findings)) {
    if (!finding.change) continue;
    const verification = await verify(explanation.call, finding, {
      store,
      limits,
      signal,
      modelFor: () => answering(explanation.call, options),
      clean: redactor(environmentKeys()).call,
      onProgress: (progress) => options.onProgress(finding, progress),
    });
    findings = findings.map((other) => (other === finding ? { ...finding, verification } : other));
    store.annotate(explanation.call.id, { findings });
  }
  return { ...explanation, findings };
}

const answering = (call: Call, { locals, baseUrl }: VerifyFindings) => modelOf(call, { locals, baseUrlFor: () => baseUrl });
