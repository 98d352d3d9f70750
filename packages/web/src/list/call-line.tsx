import type { CallId } from "@cutaway/core";
import { memo } from "react";
import type { CallRow } from "../api/types.ts";
import { formatCount, formatMs, formatShort, formatUsd } from "../format/numbers.ts";
import { formatCallTime, formatListTime, timeOf } from "../format/times.ts";
import { visibleLine } from "../format/visible.ts";
import { SeverityMark } from "../parts/severity.tsx";
import { VerdictMark } from "../proof/verdict.tsx";
import { CallBar } from "./call-bar.tsx";
import { endOf, rulesOf, severities, severityOrder } from "./row-facts.ts";

/** One call in the list: a line of columns, or two lines in the narrow list beside an open call. */
export const CallLine = memo(function CallLine({
  row,
  scale,
  today,
  isOpen,
  isCurrent,
  isMarked,
  onOpen,
  onMark,
  top,
  index,
  narrow,
}: {
  row: CallRow;
  scale: number;
  /** The start of this day, milliseconds since the epoch. */
  today: number;
  isOpen: boolean;
  isCurrent: boolean;
  isMarked: boolean;
  onOpen: (id: CallId) => void;
  onMark: (id: CallId) => void;
  top: number;
  index: number;
  narrow: boolean;
}) {
  const when = timeOf(row);
  const end = endOf(row);
  const model = row.model ?? "model unknown";
  const marks = severities(row);
  const mark = (
    <input
      type="checkbox"
      className="call-mark"
      checked={isMarked}
      onChange={() => onMark(row.id)}
      onClick={(event) => event.stopPropagation()}
      aria-label={`Compare call ${row.id}`}
      title="Choose two calls to compare them"
    />
  );
  const badges = (
    <span className="badges" title={rulesOf(row)}>
      {marks.map(({ severity, count }) => (
        <SeverityMark key={severity} severity={severity} count={count} />
      ))}
    </span>
  );
  const local =
    row.origin === "local" ? (
      <i className="local-tag" title="local: it ran on this machine">
        {narrow ? <span aria-hidden="true">⌂</span> : "local"}
        {narrow && <span className="unseen">local</span>}
      </i>
    ) : undefined;
  const verdicts = row.findings.map(({ rule, verdict }, i) => verdict && <VerdictMark key={i} verdict={verdict} rule={rule} />);
  const [gravest] = row.findings.toSorted((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity));
  const named = gravest && (
    <span className="finding-name" title={rulesOf(row)}>
      <SeverityMark severity={gravest.severity} says={gravest.rule} />
      {row.findings.length > 1 && <small>+{row.findings.length - 1}</small>}
      {verdicts}
    </span>
  );
  const time = (
    <time
      className={when.is}
      dateTime={new Date(when.at).toISOString()}
      title={when.is === "issued" ? formatCallTime(when) : `${formatCallTime(when)}; when it was issued is unknown`}
    >
      {formatListTime(when, today)}
    </time>
  );
  const finish = (
    <span className={`end ${end.tone}`} title={row.finish.join(", ") || row.ending}>
      {end.word}
    </span>
  );
  return (
    <div
      className={narrow ? "call-line two-lines" : "call-line"}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      data-current={isCurrent || undefined}
      data-call={row.id}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(row.id)}
      tabIndex={-1}
    >
      {narrow ? (
        <>
          {mark}
          <span className="two-lines-top">
            <b>{model}</b>
            {verdicts.find((verdict) => verdict)}
            {badges}
            {time}
          </span>
          <span className="two-lines-below">
            {finish}
            {local}
            <span className="call-preview">{visibleLine(row.preview)}</span>
            <span className="number">{formatMs(row.total)}</span>
          </span>
        </>
      ) : (
        <>
          {mark}
          <span role="gridcell" className="dim">
            {time}
          </span>
          <span role="gridcell" className="dim" title={row.id}>
            {row.id.slice(-6)}
          </span>
          <span role="gridcell" className="call-model" title={`${row.provider ?? "provider unknown"} / ${model}`}>
            {local ?? <small>{row.provider ?? "–"}</small>}
            {model}
          </span>
          <span role="gridcell" className="call-preview" title={visibleLine(row.preview)}>
            {row.parent && (
              <i className="replayed" title={`replay of ${row.parent}`}>
                ⟲
              </i>
            )}
            {visibleLine(row.preview)}
          </span>
          <span role="gridcell">{finish}</span>
          <span role="gridcell">{named}</span>
          <span role="gridcell" className="number" title={formatCount(row.inputTokens)}>
            {formatShort(row.inputTokens)}
          </span>
          <span role="gridcell" className="number" title={formatCount(row.outputTokens)}>
            {formatShort(row.outputTokens)}
          </span>
          <span role="gridcell" className="number" title={row.cost === undefined ? "cost unknown" : `$${row.cost}`}>
            {formatUsd(row.cost)}
          </span>
          <span role="gridcell" className="number">
            {formatMs(row.ttft)}
          </span>
          <span role="gridcell" className="number">
            {formatMs(row.total)}
          </span>
          <span role="gridcell">
            <CallBar row={row} scale={scale} />
          </span>
          <span role="gridcell" className="dim">
            {row.origin}
          </span>
        </>
      )}
    </div>
  );
});
