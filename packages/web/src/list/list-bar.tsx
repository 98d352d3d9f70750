import { useEffect, useRef, useState } from "react";
import { useCommands } from "../shell/commands.ts";
import { openDialog } from "../shell/dialogs.ts";
import { go, usePlace } from "../state/location.ts";

/** Search and filters of the calls list. */
export function ListBar() {
  const { q, model, finding, marked } = usePlace();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    const timer = setTimeout(() => go({ q: typed.trim() }, "replace"), 180);
    return () => clearTimeout(timer);
  }, [typed]);
  useCommands([{ id: "search", title: "Search calls", keys: ["/"], group: "Go", run: () => input.current?.select() }]);
  return (
    <div className="list-bar">
      <label className="search">
        <span className="unseen">Search calls</span>
        <svg width="13" height="13" viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="6.5" cy="6.5" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="m10 10 4.5 4.5" stroke="currentColor" strokeWidth="1.6" />
        </svg>
        <input
          ref={input}
          type="search"
          placeholder="Search text, model, id"
          value={typed}
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
          }}
        />
        <kbd>/</kbd>
      </label>
      {model && <Chip name="model" value={model} onClear={() => go({ model: "" })} />}
      {finding && <Chip name="finding" value={finding} onClear={() => go({ finding: "" })} />}
      {marked && <Chip name="compare" value={`${marked.slice(-6)} with …`} onClear={() => go({ marked: undefined })} />}
      <button type="button" onClick={() => openDialog({ name: "import" })}>
        Import
      </button>
    </div>
  );
}

const Chip = ({ name, value, onClear }: { name: string; value: string; onClear: () => void }) => (
  <span className="chip">
    <small>{name}</small> {value}
    <button type="button" className="quiet" onClick={onClear} aria-label={`Clear ${name}`}>
      ×
    </button>
  </span>
);
