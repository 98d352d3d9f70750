import type { Explanation, Segment } from "@cutaway/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { formatCount, formatUsd } from "../format/numbers.ts";
import { visibleLine } from "../format/visible.ts";
import { LitText } from "../parts/lit-text.tsx";
import { Unknown } from "../parts/section.tsx";
import { go, usePlace } from "../state/location.ts";
import { type Light, litSpans } from "../strip/lights.ts";
import { ContextBar } from "./context-bar.tsx";
import { promptFacts } from "./local-facts.ts";
import { PromptStrip } from "./prompt-strip.tsx";
import { promptTokensOf } from "./prompt-tokens.ts";
import { segmentFor, sharesOf } from "./segments.ts";

const none: readonly Segment[] = [];

/** The prompt token by token as a local model read it, or by the messages it was made of; the latter is all that is known of remote models. */
export function PromptView({ explanation, lights }: { explanation: Explanation; lights: readonly Light[] }) {
  const { call } = explanation;
  const place = usePlace();
  const tokens = useMemo(() => promptTokensOf(call), [call]);
  const isInMessages = lights.some(
    ({ evidence: { path } }) => path !== undefined && segmentFor(explanation.prompt?.segments ?? none, path) !== undefined,
  );
  const by = tokens ? (place.prompt ?? (isInMessages ? "messages" : "tokens")) : "messages";
  return (
    <div className="prompt-view" data-testid="prompt" data-by={by}>
      {tokens && (
        <div className="prompt-head">
          <div className="picker small" role="group" aria-label="The prompt by">
            {(["tokens", "messages"] as const).map((name) => (
              <button key={name} type="button" aria-pressed={by === name} onClick={() => go({ prompt: name }, "replace")}>
                {name}
              </button>
            ))}
          </div>
          {call.local && <small>template: {promptFacts(call.local)[0]?.[1]}</small>}
          <ContextBar explanation={explanation} />
        </div>
      )}
      {by === "tokens" && tokens ? (
        <PromptStrip call={call} tokens={tokens} lights={lights} />
      ) : (
        <Messages explanation={explanation} lights={lights} />
      )}
    </div>
  );
}

/** The prompt in the order in which the model reads it: how much each part takes, what it costs, what it says. */
function Messages({ explanation, lights }: { explanation: Explanation; lights: readonly Light[] }) {
  const segments = explanation.prompt?.segments ?? none;
  const { shares, by } = useMemo(() => sharesOf(segments), [segments]);
  const [open, setOpen] = useState<ReadonlySet<number>>(() => (textLength(segments) <= shortPrompt ? new Set(segments.keys()) : new Set()));
  const [current, setCurrent] = useState<number>();
  const show = useCallback((i: number) => {
    setCurrent(i);
    setOpen((now) => new Set(now).add(i));
  }, []);
  const litPaths = lights.flatMap(({ evidence }) => evidence.path ?? (typeof evidence.at === "string" ? evidence.at : []));
  const litSegments = new Set(litPaths.map((path) => segmentFor(segments, path)));
  const brightPath = lights.find(({ bright }) => bright)?.evidence.path;
  const bright = brightPath === undefined ? undefined : segmentFor(segments, brightPath);
  useEffect(() => {
    if (bright !== undefined) show(bright);
  }, [bright, show]);
  if (segments.length === 0) return <p className="no-text">The request was not recorded: nothing is known of the prompt.</p>;
  return (
    <>
      <PromptSum explanation={explanation} by={by} />
      <div className="prompt-bar" role="group" aria-label={`Share of the prompt by ${by}`}>
        {segments.map((segment, i) => (
          <button
            key={segment.at}
            type="button"
            className={`segment-${segment.kind}`}
            style={{ flexGrow: Math.max(shares[i] ?? 0, 0.002) }}
            aria-pressed={current === i}
            data-lit={litSegments.has(i) || undefined}
            onClick={() => show(i)}
            title={`${segment.kind} · ${segment.label} · ${segment.tokens === undefined ? "tokens unknown" : `${formatCount(segment.tokens)} tokens`}`}
            aria-label={`${segment.kind} ${segment.label}`}
          />
        ))}
      </div>
      <ol className="segments">
        {segments.map((segment, i) => (
          <SegmentRow
            key={segment.at}
            segment={segment}
            share={shares[i] ?? 0}
            isOpen={open.has(i)}
            isCurrent={current === i}
            lights={lights.map((light) =>
              light.evidence.path !== undefined && segmentFor(segments, light.evidence.path) === i ? withPath(light, segment.at) : light,
            )}
            isLit={litSegments.has(i)}
            onToggle={() => (open.has(i) ? setOpen(new Set([...open].filter((other) => other !== i))) : show(i))}
          />
        ))}
      </ol>
    </>
  );
}

/** A prompt this short, in UTF-16 code units, is shown whole from the start. */
const shortPrompt = 4000;
const textLength = (segments: readonly Segment[]): number => segments.reduce((sum, { text }) => sum + text.length, 0);

/** Evidence may name a part within the segment, or the message around it: its span is then of the same text. */
const withPath = (light: Light, path: string): Light => ({ ...light, evidence: { ...light.evidence, path } });

function PromptSum({ explanation: { prompt, call }, by }: { explanation: Explanation; by: string }) {
  if (!prompt?.tokenizer)
    return <p className="strip-note">Tokens of the parts are unknown: no tokenizer is known for this model. Shares are by {by}.</p>;
  const { counted, unattributed, tokenizer } = prompt;
  if (call.local) return <p className="strip-note">{formatCount(counted)} tokens, as the model read them.</p>;
  return (
    <p className="strip-note">
      {formatCount(counted)} tokens counted with {visibleLine(tokenizer.name)}
      {tokenizer.exact ? "" : " (an estimate: not this model's own tokenizer)"}
      {call.usage.inputTokens === undefined ? "" : `; the provider counted ${formatCount(call.usage.inputTokens)}`}
      {unattributed === undefined || unattributed === 0
        ? ""
        : `, ${formatCount(Math.abs(unattributed))} ${unattributed > 0 ? "more: message framing, media or hidden prompts" : "fewer: the estimate is too high"}`}
      . Costs at the price of uncached input.
    </p>
  );
}

function SegmentRow({
  segment,
  share,
  isOpen,
  isCurrent,
  lights,
  isLit,
  onToggle,
}: {
  segment: Segment;
  share: number;
  isOpen: boolean;
  isCurrent: boolean;
  lights: readonly Light[];
  isLit: boolean;
  onToggle: () => void;
}) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  return (
    <li ref={row} data-lit={isLit || undefined}>
      <button type="button" className="segment-line" aria-expanded={isOpen} onClick={onToggle}>
        <i className={`swatch segment-${segment.kind}`} aria-hidden="true" />
        <span className="segment-kind">{segment.kind}</span>
        <span className="segment-label">
          {segment.label}
          <small>{segment.at}</small>
        </span>
        <span className="segment-head">{visibleLine(segment.text.slice(0, 160))}</span>
        <span className="number">{segment.tokens === undefined ? <Unknown /> : formatCount(segment.tokens)}</span>
        <span className="number share">{(share * 100).toFixed(share < 0.1 ? 1 : 0)}%</span>
        <span className="number">{formatUsd(segment.cost)}</span>
      </button>
      {isOpen && <LitText text={segment.text} lit={litSpans(lights, segment.at, segment.text.length)} />}
    </li>
  );
}
