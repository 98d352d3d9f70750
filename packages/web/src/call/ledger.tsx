import { type Explanation, type UsageCount, usageCounts } from "@cutaway/core";
import type { ReactNode } from "react";
import { formatCount, formatMs, formatUsd } from "../format/numbers.ts";
import { Facts, Section, Unknown } from "../parts/section.tsx";
import { CostLines } from "./cost-lines.tsx";

/** What the call used, what that cost and why, and the parameters it ran under. */
export function Ledger({ explanation }: { explanation: Explanation }) {
  const { call } = explanation;
  return (
    <>
      <Section title="Cost" aside={explanation.cost ? formatUsd(explanation.cost.total) : undefined}>
        {explanation.cost ? (
          <CostLines cost={explanation.cost} />
        ) : (
          <p className="fine">
            <Unknown /> {explanation.costUnknown ?? "No price is known."}
          </p>
        )}
      </Section>
      <Section title="Usage" aside={call.usage.source ? `counted by ${call.usage.source}` : undefined}>
        <UsageFacts explanation={explanation} />
        <ContextBar explanation={explanation} />
      </Section>
      {call.request && (
        <Section title="Parameters" aside={call.request.format}>
          <Facts
            of={[
              ...parameterFacts(call.request.parameters),
              ["not interpreted", call.request.notUnderstood.length > 0 ? call.request.notUnderstood.join(", ") : undefined],
            ]}
          />
        </Section>
      )}
      <Section title="Answer">
        <Facts of={answerFacts(explanation)} />
      </Section>
      {(call.response?.rateLimits?.length ?? 0) > 0 && (
        <Section title="Rate limits">
          <Facts
            of={(call.response?.rateLimits ?? []).map(({ of, limit, remaining, resetMs }) => [
              of,
              `${formatCount(remaining)} of ${formatCount(limit)} left${resetMs === undefined ? "" : `, full in ${formatMs(resetMs)}`}`,
            ])}
          />
        </Section>
      )}
      {call.notices.length > 0 && (
        <Section title="Notices" aside={String(call.notices.length)}>
          <ul className="notices">
            {call.notices.slice(0, 50).map((notice, i) => (
              <li key={i}>
                <code>{notice.code}</code> {notice.says}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

const usageNames: Record<UsageCount, string> = {
  inputTokens: "input",
  outputTokens: "output",
  totalTokens: "total",
  cacheReadTokens: "cache read",
  cacheWriteTokens: "cache write",
  cacheWrite5mTokens: "cache write 5 min",
  cacheWrite1hTokens: "cache write 1 h",
  reasoningTokens: "reasoning",
  inputAudioTokens: "audio in",
  outputAudioTokens: "audio out",
  inputImageTokens: "images in",
  acceptedPredictionTokens: "prediction accepted",
  rejectedPredictionTokens: "prediction rejected",
  webSearches: "web searches",
};

/** Input and output always, known or not; the other counts where the provider gave them. */
function UsageFacts({ explanation: { call } }: { explanation: Explanation }) {
  const isPart = new Set<UsageCount>(["cacheReadTokens", "cacheWriteTokens", "cacheWrite5mTokens", "cacheWrite1hTokens", "reasoningTokens"]);
  return (
    <Facts
      of={usageCounts.map((count) => {
        const n = call.usage[count];
        const always = count === "inputTokens" || count === "outputTokens";
        const value: ReactNode = n === undefined ? (always ? null : undefined) : formatCount(n);
        return [isPart.has(count) ? `of it ${usageNames[count]}` : usageNames[count], value] as const;
      })}
    />
  );
}

/** How much of the model's window this call filled. */
function ContextBar({ explanation: { call, entry } }: { explanation: Explanation }) {
  const window = entry?.contextWindow;
  const { inputTokens, outputTokens } = call.usage;
  if (window === undefined || inputTokens === undefined) return null;
  const share = (n: number) => `${Math.min(100, (n / window) * 100)}%`;
  const used = inputTokens + (outputTokens ?? 0);
  return (
    <div className="context" title={`${entry?.source.name} of ${entry?.source.date}`}>
      <div className="context-bar">
        <i style={{ width: share(inputTokens) }} />
        <i className="context-out" style={{ width: share(outputTokens ?? 0) }} />
      </div>
      <small>
        {formatCount(used)} of {formatCount(window)} context, {((used / window) * 100).toFixed(1)}%
        {entry?.maxOutputTokens === undefined ? "" : `; output at most ${formatCount(entry.maxOutputTokens)}`}
      </small>
    </div>
  );
}

function parameterFacts(parameters: object): (readonly [string, ReactNode])[] {
  const facts = Object.entries(parameters).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)] as const);
  return facts.length > 0 ? facts : [["all", "as the provider sets them"]];
}

function answerFacts({ call }: Explanation): (readonly [string, ReactNode])[] {
  const { response, error } = call;
  return [
    ["status", response?.status ?? error?.status],
    ["id", response?.id],
    ["request id", response?.requestId],
    ["fingerprint", response?.fingerprint],
    ["service tier", response?.serviceTier],
    ["server's own time", response?.processingMs === undefined ? undefined : formatMs(response.processingMs)],
    ["retries before", response?.retries],
    ["error", error && `${error.kind}: ${error.message}`],
    ["retry after", error?.retryAfterMs === undefined ? undefined : formatMs(error.retryAfterMs)],
    ["recording", call.ending],
    ["session", call.trace?.session],
  ];
}
