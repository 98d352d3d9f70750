import type { Call, LocalOptions, Parameters } from "@cutaway/core";
import { useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { api } from "../api/client.ts";
import { asApiError, useFetched } from "../api/use-fetched.ts";
import { replayCommand, wireName } from "../format/shell.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { openDiff } from "../state/location.ts";
import { byPart, changedSettings, type Draft, draftOf, localFields, type ReplayField, replayFields } from "./replay-fields.ts";

interface Wanted {
  set?: Partial<Parameters> | undefined;
  local?: Partial<LocalOptions> | undefined;
}

/** Run the call again with some parameters changed, then compare the two. */
export function ReplayForm({ id, set, local, onClose }: Wanted & { id: string; onClose: () => void }) {
  const fetched = useFetched(id, 0, (ref, signal) => api.explanation(ref, signal));
  return (
    <Dialog title="Replay with changes" onClose={onClose}>
      {fetched.state === "failed" && <Problem error={fetched.error} />}
      {fetched.value && <Fields call={fetched.value.call} wanted={{ ...set, ...local }} onClose={onClose} />}
    </Dialog>
  );
}

function Fields({ call, wanted, onClose }: { call: Call; wanted: Partial<Parameters> & Partial<LocalOptions>; onClose: () => void }) {
  const isLocal = call.request?.format === "local";
  const fields = isLocal ? localFields : replayFields;
  const before = { ...call.request?.parameters, ...call.request?.local };
  const [draft, setDraft] = useState<Draft>(() => draftOf({ ...before, ...wanted }, fields));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const { changes, wrong } = changedSettings(before, draft, fields);
  const extra = Object.fromEntries(Object.entries(wanted).filter(([name]) => !fields.some((field) => field.name === name)));
  const all = { ...extra, ...changes };
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { set, local } = byPart(all);
      const made = await api.replay(call.id, set, local);
      onClose();
      openDiff(call.id, made.id);
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
        {fields.map((field) => (
          <label key={field.name} htmlFor={`replay-${field.name}`} data-changed={field.name in changes || undefined}>
            <span>{wireName(field.name)}</span>
            <Input
              field={field}
              value={draft[field.name] ?? ""}
              isWrong={wrong.includes(field.name)}
              onType={(text) => setDraft({ ...draft, [field.name]: text })}
            />
            <small>{field.hint}</small>
          </label>
        ))}
      </div>
      {Object.keys(extra).length > 0 && (
        <p className="fine">Also set: {JSON.stringify(Object.fromEntries(Object.entries(extra).map(([name, value]) => [wireName(name), value])))}</p>
      )}
      <CopyLine text={replayCommand(call.id, all)} what="the command" />
      {error && <Problem error={error} />}
      <div className="import-actions">
        <button type="submit" className="primary" disabled={busy || wrong.length > 0}>
          {busy ? "Calling the model …" : Object.keys(all).length === 0 ? "Replay unchanged" : "Replay"}
        </button>
        <small>
          {isLocal
            ? "Runs the local model on this machine. The first time, opening it takes some seconds."
            : "Sends the recorded request to the provider; the key comes from the server's environment. It costs what a call costs."}
        </small>
      </div>
    </form>
  );
}

function Input({
  field: { name, kind, values },
  value,
  isWrong,
  onType,
}: {
  field: ReplayField;
  value: string;
  isWrong: boolean;
  onType: (text: string) => void;
}) {
  const options = kind === "boolean" ? ["true", "false"] : values;
  if (options) {
    return (
      <select id={`replay-${name}`} value={value} onChange={(event) => onType(event.target.value)}>
        <option value="">not set</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={`replay-${name}`}
      value={value}
      inputMode={kind === "number" || kind === "integer" ? "decimal" : "text"}
      placeholder="not set"
      spellCheck={false}
      aria-invalid={isWrong}
      onChange={(event) => onType(event.target.value)}
    />
  );
}
