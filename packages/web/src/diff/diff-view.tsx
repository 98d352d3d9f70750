import type { Explanation } from "@cutaway/core";
import { api } from "../api/client.ts";
import type { CallDiff } from "../api/types.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatCount, formatMs, formatUsd } from "../format/numbers.ts";
import { Problem } from "../parts/problem.tsx";
import { Section } from "../parts/section.tsx";
import { SeverityMark } from "../parts/severity.tsx";
import { useCommands } from "../shell/commands.ts";
import { useRound } from "../state/live.ts";
import { closeCall, openCall, openDiff } from "../state/location.ts";
import { AnswerDiffs } from "./answer-diffs.tsx";
import { Differences } from "./differences.tsx";

/** Two calls beside each other: what was asked differently, where the answers part, what that changed. */
export function DiffView({ a, b }: { a: string; b: string }) {
  const round = useRound(a) + useRound(b);
  const diff = useFetched(`${a} ${b}`, round, (_, signal) => api.diff(a, b, signal));
  const left = useFetched(a, round, (ref, signal) => api.explanation(ref, signal));
  const right = useFetched(b, round, (ref, signal) => api.explanation(ref, signal));
  useCommands([
    { id: "back", title: "Back", keys: ["Escape"], group: "Go", run: closeCall },
    { id: "swap", title: "Swap the two calls", keys: ["x"], group: "Call", run: () => openDiff(b, a) },
  ]);
  const failed = [diff, left, right].find((fetched) => fetched.state === "failed");
  return (
    <main className="diff" data-testid="diff">
      <header className="call-title">
        <button type="button" className="quiet back" onClick={closeCall} aria-label="Back to the list">
          ←
        </button>
        <h1>
          <small>section</small>A – B
        </h1>
        <span className="push" />
        <button type="button" onClick={() => openDiff(b, a)}>
          Swap <kbd>x</kbd>
        </button>
      </header>
      {failed?.state === "failed" && <Problem error={failed.error} />}
      {diff.value && left.value && right.value ? (
        <Compared diff={diff.value} a={left.value} b={right.value} />
      ) : (
        !failed && <p className="waiting">Comparing …</p>
      )}
    </main>
  );
}

function Compared({ diff, a, b }: { diff: CallDiff; a: Explanation; b: Explanation }) {
  return (
    <div className="diff-body">
      <div className="diff-sides">
        <Side name="A" explanation={a} />
        <Side name="B" explanation={b} />
      </div>
      {diff.equal && <p className="equal">The two calls are equal in everything that is compared: request, answers, ending and usage.</p>}
      <Section title="Request" aside={diff.request.length === 0 ? "equal" : `${diff.request.length} differences`}>
        {diff.request.length > 0 ? (
          <Differences of={diff.request} />
        ) : (
          <p className="fine">{a.call.request && b.call.request ? "The same was asked." : "Neither request was recorded, or both are the same."}</p>
        )}
      </Section>
      <AnswerDiffs diff={diff} a={a.call} b={b.call} />
      <Section title="Outcome and usage" aside={diff.outcome.length + diff.usage.length === 0 ? "equal" : undefined}>
        {diff.outcome.length + diff.usage.length > 0 ? (
          <Differences of={[...diff.outcome, ...diff.usage.map((field) => ({ ...field, path: `usage.${field.path}` }))]} />
        ) : (
          <p className="fine">Both ended alike and used the same.</p>
        )}
      </Section>
    </div>
  );
}

function Side({ name, explanation: { call, cost, durations, findings } }: { name: string; explanation: Explanation }) {
  return (
    <button type="button" className="diff-side" onClick={() => openCall(call.id)} title="Open this call">
      <b className="diff-letter">{name}</b>
      <span className="diff-model">
        <small>{call.model.provider ?? "–"}</small>
        {call.model.asked ?? call.model.served ?? "model unknown"}
      </span>
      <code>…{call.id.slice(-6)}</code>
      <span>{call.error?.kind ?? call.answers[0]?.finish.reason ?? call.ending}</span>
      <span className="number">
        {formatCount(call.usage.inputTokens)} → {formatCount(call.usage.outputTokens)}
      </span>
      <span className="number">{cost ? formatUsd(cost.total) : "cost unknown"}</span>
      <span className="number">{formatMs(durations.total)}</span>
      <span className="badges">
        {findings.slice(0, 4).map((finding, i) => (
          <SeverityMark key={i} severity={finding.severity} />
        ))}
      </span>
    </button>
  );
}
