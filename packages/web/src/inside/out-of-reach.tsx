import type { Call } from "@cutaway/core";
import { visibleLine } from "../format/visible.ts";
import { goModel } from "../state/location.ts";
import { setModelText } from "./model-text.ts";

/** Of a remote call: what is missing to look inside, and another model that can stand in. */
export function OutOfReach({ call }: { call: Call }) {
  const messages = call.request?.messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.text] : []))) ?? [];
  const text = [...messages, ...call.answers.slice(0, 1).map((answer) => answer.text)].filter(Boolean).join("\n");
  return (
    <div className="out-of-reach" data-testid="out-of-reach">
      <p>
        <b>Out of reach.</b> {call.model.provider === undefined ? "The provider" : visibleLine(call.model.provider)} sends text, and at most
        probabilities: no weights, no attention and no states of {visibleLine(call.model.asked ?? "its model")}. Only a local model can be opened.
      </p>
      {text !== "" && (
        <>
          <p>
            A local model can read the same text in its stead. It is a <b>proxy model</b>: what is seen is how that model reads the text, not why this
            answer was given.
          </p>
          <button
            type="button"
            onClick={() => {
              goModel({ name: "", insteadOf: call.id });
              setModelText(text);
            }}
          >
            Read it with a local model …
          </button>
        </>
      )}
    </div>
  );
}
