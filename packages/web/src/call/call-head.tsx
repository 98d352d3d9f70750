import type { Explanation } from "@cutaway/core";
import type { ReactNode } from "react";
import { formatCount, formatMs, formatUsd } from "../format/numbers.ts";
import { formatCallTime, timeOf } from "../format/times.ts";
import { visibleLine } from "../format/visible.ts";
import { Unknown } from "../parts/section.tsx";
import { closeCall, go, openDiff } from "../state/location.ts";
import { CallActions } from "./call-actions.tsx";
import { speedsOf } from "./local-facts.ts";

/** What was asked of whom, how it ended, and what it took: the line above everything else. */
export function CallHead({ explanation }: { explanation: Explanation }) {
  const { call, cost, costUnknown, durations } = explanation;
  const { asked, served, provider } = call.model;
  const isLocal = call.origin.kind === "local";
  const speeds = isLocal ? speedsOf(call) : {};
  const { issued } = call.instants;
  const created = call.response?.created;
  const when = timeOf({
    id: call.id,
    origin: call.origin.kind,
    ...(issued !== undefined && { issued }),
    ...(created !== undefined && { created: created * 1_000 }),
  });
  return (
    <header className="call-top">
      <div className="call-title">
        <button type="button" className="quiet back" onClick={closeCall} aria-label="Back to the list">
          ←
        </button>
        <h1>
          <small>{provider ?? "provider unknown"}</small>
          {asked ?? served ?? "model unknown"}
          {asked && served && asked !== served && <em title="the model that answered"> → {served}</em>}
        </h1>
        <CallActions explanation={explanation} />
      </div>
      <p className="call-ref">
        <code title={call.id}>{call.id}</code>
        <span title={when.is === "issued" ? undefined : "When it was issued is unknown"}>{formatCallTime(when)}</span>
        <span>
          {call.origin.kind}
          {call.origin.from ? ` · ${call.origin.from}` : ""}
        </span>
        {call.local && (
          <span className="call-weights" title={call.local.weights.sha256 && `SHA-256 ${call.local.weights.sha256}`}>
            {visibleLine(call.local.weights.file)}
          </span>
        )}
        {call.parent && (
          <button type="button" className="link" onClick={() => call.parent && openDiff(call.parent, call.id)}>
            replay of …{call.parent.slice(-6)}: compare
          </button>
        )}
      </p>
      <div className="readouts">
        <Readout name="ending" wide>
          <Ending explanation={explanation} />
        </Readout>
        <Readout name="tokens in">{call.usage.inputTokens === undefined ? <Unknown /> : formatCount(call.usage.inputTokens)}</Readout>
        <Readout name="tokens out" note={call.usage.reasoningTokens ? `${formatCount(call.usage.reasoningTokens)} reasoning` : undefined}>
          {call.usage.outputTokens === undefined ? <Unknown /> : formatCount(call.usage.outputTokens)}
        </Readout>
        <Readout name="cost" onClick={() => go({ token: undefined })} note={cost?.caveats.length ? "with caveats" : undefined}>
          {cost ? formatUsd(cost.total) : isLocal ? "none" : <Unknown why={costUnknown} />}
        </Readout>
        <Readout
          name="first token"
          onClick={() => go({ view: "timing" })}
          note={rate(speeds.prompt)}
          title="Prompt tokens a second, from the request to the first token: loading and waiting included"
        >
          {durations.ttft === undefined ? <Unknown why="no clock ran, no token came, or the answer was not streamed" /> : formatMs(durations.ttft)}
        </Readout>
        <Readout
          name="per token"
          onClick={() => go({ view: "timing" })}
          note={rate(speeds.answer)}
          title="Answer tokens a second, from the first token to the last"
        >
          {durations.tpot === undefined ? <Unknown why="needs two tokens, their count and their times" /> : formatMs(durations.tpot)}
        </Readout>
        <Readout name="total" onClick={() => go({ view: "timing" })}>
          {durations.total === undefined ? <Unknown why="no clock ran, or the end was not seen" /> : formatMs(durations.total)}
        </Readout>
      </div>
    </header>
  );
}

const rate = (perSecond: number | undefined) => (perSecond === undefined ? undefined : `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} tokens/s`);

function Readout({
  name,
  note,
  title,
  wide,
  onClick,
  children,
}: {
  name: string;
  note?: string | undefined;
  title?: string;
  wide?: boolean;
  onClick?: () => void;
  children: ReactNode;
}) {
  const inside = (
    <>
      <small>{name}</small>
      <b>{children}</b>
      {note && <em>{note}</em>}
    </>
  );
  const className = wide ? "readout wide" : "readout";
  return onClick ? (
    <button type="button" className={className} onClick={onClick} title={note && title}>
      {inside}
    </button>
  ) : (
    <div className={className}>{inside}</div>
  );
}

/** The finish in the common words and the provider's own, and how the recording ends. */
function Ending({ explanation: { call } }: { explanation: Explanation }) {
  if (call.error) {
    return (
      <span className="ending bad">
        {call.error.kind}
        <em>
          {[call.error.status ?? call.response?.status, call.error.code ?? call.error.type, call.error.inStream ? "inside a 200 stream" : undefined]
            .filter(Boolean)
            .join(" · ")}
        </em>
      </span>
    );
  }
  const [first] = call.answers;
  if (!first) return <span className="ending">{call.ending === "open" ? "still open" : "no answer recorded"}</span>;
  const { reason, raw } = first.finish;
  const tone =
    call.ending === "cut" || call.ending === "cancelled" || reason === "error"
      ? "bad"
      : reason === "stop" || reason === "tool-use" || reason === "stop-sequence"
        ? "good"
        : "odd";
  const says = [
    raw === undefined ? "provider gave none" : `“${raw}”`,
    call.ending === "complete" ? undefined : `recording ${call.ending}`,
    call.answers.length > 1 ? `${call.answers.length} answers` : undefined,
  ];
  return (
    <span className={`ending ${tone}`}>
      {reason}
      <em>{says.filter(Boolean).join(" · ")}</em>
    </span>
  );
}
