import { useMemo } from "react";
import { api } from "../api/client.ts";
import type { Opened } from "../api/explanation.ts";
import { type Fetched, useFetched } from "../api/use-fetched.ts";
import { CallInside } from "../inside/inside-view.tsx";
import { MaskView } from "../mask/mask-view.tsx";
import { Problem } from "../parts/problem.tsx";
import { ProofView } from "../proof/proof-view.tsx";
import { useRound } from "../state/live.ts";
import { usePlace } from "../state/location.ts";
import { lightsOf } from "../strip/lights.ts";
import { tokensOf } from "../strip/tokens.ts";
import { CallHead } from "./call-head.tsx";
import { FieldsView } from "./fields-view.tsx";
import { Findings } from "./findings.tsx";
import { Inspector } from "./inspector.tsx";
import { PromptView } from "./prompt-view.tsx";
import { RawView } from "./raw-view.tsx";
import { Tabs } from "./tabs.tsx";
import { TimingView } from "./timing-view.tsx";
import { TokensView } from "./tokens-view.tsx";
import { useCallCommands } from "./use-call-commands.ts";

/** One call opened. */
export function CallView({ id }: { id: string }) {
  const round = useRound(id);
  const fetched = useFetched(id, round, (ref, signal) => api.explanation(ref, signal));
  return <CallPage fetched={fetched} round={round} />;
}

function CallPage({ fetched, round }: { fetched: Fetched<Opened>; round: number }) {
  if (fetched.value) return <OpenCall explanation={fetched.value} round={round} />;
  if (fetched.state === "failed") {
    return (
      <main className="call">
        <Problem error={fetched.error} />
      </main>
    );
  }
  return (
    <main className="call">
      <p className="waiting">Reading the call …</p>
    </main>
  );
}

function OpenCall({ explanation, round }: { explanation: Opened; round: number }) {
  const place = usePlace();
  const { call, findings, strips, outlined } = explanation;
  const lights = useMemo(() => lightsOf(findings, call.id, place.lit), [findings, call.id, place.lit]);
  const index = Math.min(place.answer, Math.max(0, call.answers.length - 1));
  const answer = call.answers[index];
  const strip = strips.find((candidate) => candidate.answer === index);
  const source = useMemo(() => (outlined.includes(index) ? { call: call.id, answer: index, round } : undefined), [outlined, index, call.id, round]);
  const tokens = useMemo(() => answer && strip && tokensOf(answer, strip, source), [answer, strip, source]);
  useCallCommands(explanation, tokens);
  return (
    <>
      <main className="call" data-testid="call" data-view={place.view}>
        <CallHead explanation={explanation} />
        <Findings explanation={explanation} />
        <Tabs explanation={explanation} view={place.view} lights={lights} />
        <div className="call-body" role="tabpanel" aria-label={place.view}>
          {place.view === "tokens" && <TokensView explanation={explanation} answer={index} tokens={tokens} lights={lights} />}
          {place.view === "prompt" && <PromptView explanation={explanation} lights={lights} />}
          {place.view === "timing" && <TimingView explanation={explanation} lights={lights} />}
          {place.view === "fields" && <FieldsView call={call} lights={lights} />}
          {place.view === "proof" && <ProofView explanation={explanation} />}
          {place.view === "inside" && <CallInside call={call} answer={index} />}
          {place.view === "mask" && <MaskView call={call} answer={index} tokens={tokens} />}
          {place.view === "raw" && <RawView call={call} which={place.body} />}
        </div>
      </main>
      {place.view !== "inside" && (
        <Inspector explanation={explanation} tokens={tokens} token={place.view === "tokens" || place.view === "mask" ? place.token : undefined} />
      )}
    </>
  );
}
