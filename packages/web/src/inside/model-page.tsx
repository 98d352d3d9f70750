import { useState } from "react";
import { insideApi } from "../api/inside.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatBytes } from "../format/numbers.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { useCommands } from "../shell/commands.ts";
import type { ModelPlace } from "../state/inside-place.ts";
import { startInside } from "../state/inside-place.ts";
import { closeCall, goInside, goModel, openCall, usePlace } from "../state/location.ts";
import { InsideView } from "./inside-view.tsx";
import { setModelText, useModelText } from "./model-text.ts";
import { NetworkView } from "./network-view.tsx";
import { Waiting } from "./waiting.tsx";

/** Local models by themselves: what each is made of, and how it reads a text of one's own. */
export function ModelPage({ place }: { place: ModelPlace }) {
  const models = useFetched("models", 0, (_, signal) => insideApi.models(signal));
  const inside = usePlace().inside ?? startInside;
  const text = useModelText();
  const [draft, setDraft] = useState(text);
  const name = place.name === "" ? (models.value?.[0]?.name ?? "") : place.name;
  useCommands([{ id: "models-close", title: "Back to the calls", keys: ["Escape"], group: "Go", run: closeCall }]);
  const read = () => {
    setModelText(draft);
    if (inside.show === "model") goInside({ show: "attention" });
  };
  return (
    <main className="bench model-page" data-testid="model-page">
      <div className="bench-bar">
        <label>
          model{" "}
          <select value={name} onChange={(event) => goModel({ name: event.target.value })} data-testid="model-choice" disabled={name === ""}>
            {models.value?.map((model) => (
              <option key={model.name} value={model.name}>
                {model.name}, {formatBytes(model.size)}
              </option>
            ))}
            {name !== "" && !models.value?.some((model) => model.name === name) && <option value={name}>{name}</option>}
          </select>
        </label>
        <form
          className="model-reads"
          onSubmit={(event) => {
            event.preventDefault();
            read();
          }}
        >
          <label className="unseen" htmlFor="model-text">
            Text that the model reads
          </label>
          <textarea
            id="model-text"
            rows={1}
            value={draft}
            placeholder="A text for it to read, e.g. The capital of France is"
            data-testid="model-text"
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) read();
            }}
          />
          <button type="submit" className="primary" disabled={draft === "" || name === ""}>
            Read
          </button>
        </form>
      </div>
      {place.insteadOf !== undefined && (
        <p className="proxy-note" role="note">
          <b>Proxy model.</b> This text is of a call to another model. {name} reads it in its stead: nothing here tells what that model did.{" "}
          <button type="button" className="link" onClick={() => openCall(place.insteadOf ?? "")}>
            Back to the call
          </button>
        </p>
      )}
      {name === "" ? (
        models.value ? (
          <div className="out-of-reach">
            <p>No local model is on this machine. One of 100 MB is enough:</p>
            <CopyLine text="npx cutaway models pull smollm2-135m-instruct" what="the command" />
          </div>
        ) : (
          <Waiting of={models} what="Looking for models" />
        )
      ) : text === "" ? (
        <div className="inside" data-show="model">
          <NetworkView key={name} subject={{ model: name }} name={name} />
        </div>
      ) : (
        <InsideView key={name} subject={{ model: name, text }} name={name} />
      )}
    </main>
  );
}
