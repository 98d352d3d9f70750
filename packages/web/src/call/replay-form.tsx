import type { Parameters } from "@cutaway/core";
import { useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { api } from "../api/client.ts";
import { asApiError, useFetched } from "../api/use-fetched.ts";
import { replayCommand, wireName } from "../format/shell.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { openDiff } from "../state/location.ts";
import { changedParameters, type Draft, draftOf, replayFields } from "./replay-fields.ts";

/** Run the call again with some parameters changed, then compare the two. */
export function ReplayForm({ id, set, onClose }: { id: string; set?: Partial<Parameters> | undefined; onClose: () => void }) {
  const fetched = useFetched(id, 0, (ref, signal) => api.explanation(ref, signal));
  return (
    <Dialog title="Replay with changes" onClose={onClose}>
      {fetched.state === "failed" && <Problem error={fetched.error} />}
      {fetched.value && <Fields id={id} parameters={fetched.value.call.request?.parameters ?? {}} set={set} onClose={onClose} />}
    </Dialog>
  );
}

function Fields({ id, parameters, set, onClose }: { id: string; parameters: Parameters; set: Partial<Parameters> | undefined; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf({ ...parameters, ...set }));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const { changes, wrong } = changedParameters(parameters, draft);
  const extra = Object.fromEntries(Object.entries(set ?? {}).filter(([name]) => !replayFields.some((field) => field.name === name)));
  const all = { ...extra, ...changes };
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const made = await api.replay(id, all);
      onClose();
      openDiff(id, made.id);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <form
      className="replay"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="replay-fields">
        {replayFields.map(({ name, hint, kind }) => (
          <label key={name} htmlFor={`replay-${name}`} data-changed={name in changes || undefined}>
            <span>{wireName(name)}</span>
            {kind === "boolean" ? (
              <select id={`replay-${name}`} value={draft[name] ?? ""} onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}>
                <option value="">not set</option>
                <option value="true">true</option>
                <option value="false">false</option>
              </select>
            ) : (
              <input
                id={`replay-${name}`}
                value={draft[name] ?? ""}
                inputMode={kind === "list" ? "text" : "decimal"}
                placeholder="not set"
                spellCheck={false}
                aria-invalid={wrong.includes(name)}
                onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
              />
            )}
            <small>{hint}</small>
          </label>
        ))}
      </div>
      {Object.keys(extra).length > 0 && (
        <p className="fine">Also set: {JSON.stringify(Object.fromEntries(Object.entries(extra).map(([name, value]) => [wireName(name), value])))}</p>
      )}
      <CopyLine text={replayCommand(id, all)} what="the command" />
      {error && <Problem error={error} />}
      <div className="import-actions">
        <button type="submit" className="primary" disabled={busy || wrong.length > 0}>
          {busy ? "Calling the model …" : Object.keys(all).length === 0 ? "Replay unchanged" : "Replay"}
        </button>
        <small>Sends the recorded request to the provider; the key comes from the server's environment. It costs what a call costs.</small>
      </div>
    </form>
  );
}
