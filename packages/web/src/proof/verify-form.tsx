import { useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { api } from "../api/client.ts";
import { asApiError, useFetched } from "../api/use-fetched.ts";
import { formatUsd } from "../format/numbers.ts";
import { visibleLine } from "../format/visible.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";

/** Runs that decide at the latest, both arms together; the engine stops as soon as the counts tell. */
const usualCalls = 24;

/** A remote model bills every run: nothing is sent before a cap is given. */
export function VerifyForm({ id, rule, onClose }: { id: string; rule: string; onClose: () => void }) {
  const fetched = useFetched(id, 0, (ref, signal) => api.explanation(ref, signal));
  const [cost, setCost] = useState("");
  const [calls, setCalls] = useState(String(usualCalls));
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const maxCost = Number(cost);
  const maxCalls = Number(calls);
  const isReady = cost.trim() !== "" && maxCost > 0 && Number.isInteger(maxCalls) && maxCalls > 0;
  const finding = fetched.value?.findings.find((candidate) => candidate.rule === rule);
  const one = fetched.value?.cost?.total;
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await api.verify(id, { rule, maxCost, maxCalls, again: finding?.verification !== undefined });
      onClose();
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Verify a finding" onClose={onClose}>
      <form
        className="replay"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>
          Makes the call again, some times as it was and as many times with one change
          {finding?.change ? <b>: {visibleLine(finding.change.says)}</b> : ""}, and counts the symptom in both. It stops as soon as the counts decide.
        </p>
        <div className="replay-fields">
          <label htmlFor="verify-cost">
            <span>at most, US dollars</span>
            <input
              id="verify-cost"
              value={cost}
              inputMode="decimal"
              placeholder="needed"
              onChange={(event) => setCost(event.target.value)}
              aria-invalid={cost !== "" && !(maxCost > 0)}
            />
            <small>
              {one === undefined
                ? "what this call cost is unknown"
                : `this call cost ${formatUsd(one)}; ${usualCalls} like it, ${formatUsd(one * usualCalls)}`}
            </small>
          </label>
          <label htmlFor="verify-calls">
            <span>at most, calls</span>
            <input id="verify-calls" value={calls} inputMode="numeric" onChange={(event) => setCalls(event.target.value)} />
            <small>both arms together</small>
          </label>
        </div>
        {fetched.state === "failed" && <Problem error={fetched.error} />}
        {error && <Problem error={error} />}
        <div className="import-actions">
          <button type="submit" className="primary" disabled={busy || !isReady}>
            Verify
          </button>
          <small>Sends the recorded request to the provider with the key of the server's environment. Runs that were made are kept.</small>
        </div>
      </form>
    </Dialog>
  );
}
