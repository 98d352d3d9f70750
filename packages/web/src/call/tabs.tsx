import type { Explanation } from "@cutaway/core";
import { formatShort } from "../format/numbers.ts";
import { isVerified } from "../proof/proof-view.tsx";
import { go } from "../state/location.ts";
import { type View, views } from "../state/place.ts";
import { type Light, viewOf } from "../strip/lights.ts";

/** The sides from which a call can be looked at; a side where evidence is lit is marked. */
export function Tabs({ explanation, view, lights }: { explanation: Explanation; view: View; lights: readonly Light[] }) {
  const { call, strips, prompt, findings } = explanation;
  const verified = findings.filter(isVerified).length;
  const counts: { [view in View]?: string | undefined } = {
    tokens: formatShort(strips.find(({ answer }) => answer === 0)?.tokens.length),
    prompt: call.prompt ? formatShort(call.prompt.length) : prompt ? formatShort(prompt.counted) : undefined,
    proof: verified > 1 ? String(verified) : undefined,
    timing: call.instants.chunks ? formatShort(call.instants.chunks.length) : undefined,
  };
  /** Views that not every call has. */
  const isThere: { [view in View]?: boolean } = { proof: verified > 0, mask: call.local?.constraint !== undefined };
  return (
    <div className="tabs" role="tablist" aria-label="Views of the call">
      {views.map((name, i) =>
        view === name || isThere[name] !== false ? (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={view === name}
            data-lit={lights.some(({ evidence }) => viewOf(evidence) === name) || undefined}
            onClick={() => go({ view: name })}
            title={`key ${i + 1}`}
          >
            {name}
            {counts[name] && <small>{counts[name]}</small>}
          </button>
        ) : null,
      )}
    </div>
  );
}
