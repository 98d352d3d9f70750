import type { Call } from "@cutaway/core";
import type { Subject } from "../api/inside.ts";
import { useCommands } from "../shell/commands.ts";
import { type InsidePlace, insideShows, startInside } from "../state/inside-place.ts";
import { goInside, usePlace } from "../state/location.ts";
import { AttentionView } from "./attention-view.tsx";
import { AttributionView, type RivalsOf } from "./attribution-view.tsx";
import { LensView } from "./lens-view.tsx";
import { NetworkView } from "./network-view.tsx";
import { OutOfReach } from "./out-of-reach.tsx";
import { useTokens } from "./use-inside.ts";
import { Waiting } from "./waiting.tsx";

/** What went on in the model that made a call. */
export function CallInside({ call, answer }: { call: Call; answer: number }) {
  if (call.request?.format !== "local") return <OutOfReach call={call} />;
  if (!call.prompt) {
    return (
      <div className="out-of-reach" data-testid="nothing-read">
        <p>
          <b>Nothing was read.</b> The call ended before its prompt reached the model: there is no inside of it to see.
        </p>
      </div>
    );
  }
  const prompt = call.local?.decoderStart ? 1 : call.prompt.length;
  const rivals = (token: number) => call.answers[answer]?.steps?.[token - prompt]?.top;
  return <InsideView subject={{ call: call.id, answer }} name={call.model.asked ?? call.request.model} rivals={rivals} />;
}

/** Four looks into a model that reads a text. */
export function InsideView({ subject, name, rivals }: { subject: Subject; name: string; rivals?: RivalsOf }) {
  const place = usePlace().inside ?? startInside;
  useCommands([
    {
      id: "inside-next",
      title: "Next look inside: attention, lens, attribution, model",
      keys: ["v"],
      group: "Call",
      run: () => goInside({ show: insideShows[(insideShows.indexOf(place.show) + 1) % insideShows.length] ?? "attention" }),
    },
  ]);
  return (
    <div className="inside" data-testid="inside" data-show={place.show}>
      <div className="inside-head">
        <div className="picker small" role="group" aria-label="Look at">
          {insideShows.map((show) => (
            <button key={show} type="button" aria-pressed={place.show === show} onClick={() => goInside({ show })}>
              {show}
            </button>
          ))}
        </div>
      </div>
      {place.show === "model" ? <NetworkView subject={subject} name={name} /> : <ReadText subject={subject} place={place} rivals={rivals} />}
    </div>
  );
}

function ReadText({ subject, place, rivals }: { subject: Subject; place: InsidePlace; rivals: RivalsOf | undefined }) {
  const tokens = useTokens(subject);
  if (!tokens.value) return <Waiting of={tokens} what="Reading the text" />;
  const given = { subject, tokens: tokens.value, place };
  switch (place.show) {
    case "lens":
      return <LensView {...given} />;
    case "attribution":
      return <AttributionView {...given} rivals={rivals} />;
    default:
      return <AttentionView {...given} />;
  }
}
