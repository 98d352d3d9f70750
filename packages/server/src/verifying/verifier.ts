import { type Call, type CallId, CutawayError, type Finding, isCutawayError, type Verification } from "@cutaway/core";
import { environmentKeys, redactor } from "@cutaway/provider";
import type { Store } from "@cutaway/store";
import { type ModelSources, modelOf } from "../model-of.ts";

/** What is asked of a verification. */
export interface VerifyRequest {
  rule: string;
  /** US dollars; asked for where the model is remote. */
  maxCost?: number;
  /** Calls at most, both arms together. */
  maxCalls?: number;
  /** New runs, although the finding was verified before. */
  again?: boolean;
}

/** The verification that runs, or the last that ran. */
export interface VerifyState {
  call: CallId;
  rule: string;
  state: "running" | "done" | "cancelled" | "failed";
  /** Calls made, and how many the next decision needs: it grows where the first runs do not decide. */
  done: number;
  total?: number;
  /** US dollars, as far as known. */
  cost: number;
  verdict?: Verification["verdict"];
  error?: { code: string; message: string; fix?: string };
}

/** Puts findings to the test, one at a time: a local model answers one call after the other, and a remote one costs money. */
export interface Verifier {
  /**
   * Starts, and tells of the rest through `subscribe`.
   * @throws `verify-running`, `finding-not-found`, `nothing-to-verify`, `cost-cap-missing`, and what reaching the model throws
   */
  start(call: Call, request: VerifyRequest): Promise<VerifyState>;
  current(): VerifyState | undefined;
  /** What was done is kept. @returns false where nothing runs */
  cancel(): boolean;
  /** @returns how to stop listening. */
  subscribe(onChange: (state: VerifyState) => void): () => void;
  /** Cancels what runs and waits for it. */
  close(): Promise<void>;
}

/** store  whose call is verified: its runs are stored there, and the verdict beside the call */
export function startVerifier(store: Store, sources: Omit<ModelSources, "onBytes">, warn: (message: string) => void): Verifier {
  const listeners = new Set<(state: VerifyState) => void>();
  let state: VerifyState | undefined;
  let abort: AbortController | undefined;
  let working: Promise<void> = Promise.resolve();

  const tell = (change: Partial<VerifyState>) => {
    if (!state) return;
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  };

  const run = async (call: Call, finding: Finding, { maxCost, maxCalls, again }: VerifyRequest, signal: AbortSignal) => {
    try {
      const [{ verify }, model] = await Promise.all([import("@cutaway/diagnose"), modelOf(call, sources)]);
      const redact = redactor(environmentKeys());
      const verification = await verify(call, finding, {
        model,
        store,
        limits: { cost: maxCost ?? Number.POSITIVE_INFINITY, ...(maxCalls !== undefined && { calls: maxCalls }) },
        signal,
        onProgress: ({ done, total, cost }) => tell({ done, total, cost }),
        clean: redact.call,
        ...(again !== undefined && { again }),
      });
      await keepVerdict(store, call.id, finding, verification);
      tell({ state: "done", verdict: verification.verdict, done: verification.calls.length });
    } catch (error) {
      if (signal.aborted) tell({ state: "cancelled" });
      else tell({ state: "failed", error: toldOf(error, warn) });
    }
  };

  return {
    async start(call, request) {
      if (state?.state === "running") {
        throw new CutawayError("verify-running", `${state.rule} of call ${state.call} is being verified: one at a time`, {
          fix: "Wait for it, or cancel it.",
        });
      }
      const before = state;
      state = { call: call.id, rule: request.rule, state: "running", done: 0, cost: 0 };
      let finding: Finding;
      try {
        if (call.request?.format !== "local" && request.maxCost === undefined) throw noCap();
        finding = await findingOf(store, call.id, request.rule);
      } catch (error) {
        state = before;
        throw error;
      }
      const own = new AbortController();
      abort = own;
      tell({});
      working = run(call, finding, request, own.signal);
      return state;
    },
    current: () => state,
    cancel() {
      if (state?.state !== "running") return false;
      abort?.abort();
      return true;
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    async close() {
      abort?.abort();
      await working;
    },
  };
}

const noCap = () =>
  new CutawayError("cost-cap-missing", "verifying makes several calls, each of which the provider bills: no cap on their cost was given", {
    fix: 'Give one in US dollars: {"rule": …, "maxCost": 0.05}.',
  });

/** The finding with the functions of its change: the rules make them anew. */
async function findingOf(store: Store, id: CallId, rule: string): Promise<Finding> {
  const found = (await findingsOf(store, id)).filter((finding) => finding.rule === rule);
  if (found.length === 0) throw new CutawayError("finding-not-found", `the rule ${rule} finds nothing in this call`);
  const tried = found.find(({ change }) => change);
  if (!tried) throw new CutawayError("nothing-to-verify", `${rule} names no change that could be tried`);
  return tried;
}

/** The verdict beside the call, as the finding's own; the other findings keep theirs. */
async function keepVerdict(store: Store, id: CallId, { rule, says }: Finding, verification: Verification): Promise<void> {
  const findings = await findingsOf(store, id);
  store.annotate(id, {
    findings: findings.map((finding) => (finding.rule === rule && finding.says === says ? { ...finding, verification } : finding)),
  });
}

/** Loaded when something is verified: the proxy starts without it. */
async function findingsOf(store: Store, id: CallId): Promise<Finding[]> {
  const { explainStored } = await import("../explaining/explain-stored.ts");
  const stored = store.get(id);
  if (!stored) throw new CutawayError("call-not-found", "the call was deleted");
  return (await explainStored(store, stored)).findings;
}

function toldOf(error: unknown, warn: (message: string) => void): NonNullable<VerifyState["error"]> {
  if (isCutawayError(error)) return { code: error.code, message: error.message, ...(error.fix !== undefined && { fix: error.fix }) };
  warn(`verifying failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { code: "internal", message: "something in Cutaway failed; the terminal it runs in says more" };
}
