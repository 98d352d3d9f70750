import { useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { api } from "../api/client.ts";
import type { Imported } from "../api/types.ts";
import { asApiError } from "../api/use-fetched.ts";
import { plural } from "../format/numbers.ts";
import { Problem } from "../parts/problem.tsx";
import { openCall } from "../state/location.ts";

/** Paste a call in any form a person has it, or choose a file; what could not be read is named. */
export function ImportBox({ onImported }: { onImported?: () => void }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Imported>();
  const [error, setError] = useState<ApiError>();
  const submit = async (content: string | Blob) => {
    setBusy(true);
    setError(undefined);
    setResult(undefined);
    try {
      const imported = await api.import(content);
      setResult(imported);
      const [first] = imported.ids;
      if (first && imported.unsupported.length === 0) {
        setText("");
        onImported?.();
        if (imported.ids.length === 1) openCall(first);
      }
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="import-box"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(text);
      }}
    >
      <textarea
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData("text/plain");
          if (text === "" && pasted.length > 2_000_000) {
            event.preventDefault();
            void submit(pasted);
          }
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && text.trim() !== "") void submit(text);
        }}
        aria-label="A call to import"
        placeholder={
          '{"model":"gpt-4o-mini","choices":[…]}\n\na response body · a request and response pair · SSE text · a cURL command · HAR · JSONL of many'
        }
        rows={8}
        spellCheck={false}
      />
      <div className="import-actions">
        <button type="submit" className="primary" disabled={busy || text.trim() === ""}>
          {busy ? "Reading …" : "Explain"}
        </button>
        <label className="button">
          Choose a file
          <input
            type="file"
            className="unseen"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) void submit(file);
            }}
          />
        </label>
        <small>or drop a file, or paste, anywhere on this page</small>
      </div>
      {error && <Problem error={error} />}
      {result && <ImportResult result={result} />}
    </form>
  );
}

export function ImportResult({ result }: { result: Imported }) {
  return (
    <div className="import-result" role="status" data-testid="import-result">
      {result.ids.length > 0 && (
        <p>
          {plural(result.ids.length, "call")} imported.{" "}
          {result.ids.slice(0, 5).map((id) => (
            <button key={id} type="button" className="link" onClick={() => openCall(id)}>
              {id.slice(-6)}
            </button>
          ))}
        </p>
      )}
      {result.unsupported.map(({ name, says }, i) => (
        <p key={i} className="unsupported">
          <code>unsupported-format: {name}</code> {says}
        </p>
      ))}
      {result.ids.length === 0 && result.unsupported.length === 0 && <p>There is no call in it.</p>}
    </div>
  );
}
