import { type Explanation, type UsageCount, usageCounts } from "@cutaway/core";
import type { ReactNode } from "react";
import { formatCount, formatMs, formatUsd } from "../format/numbers.ts";
import { Facts, Section, Unknown } from "../parts/section.tsx";
import { ContextBar } from "./context-bar.tsx";
import { CostLines } from "./cost-lines.tsx";
import { promptFacts, runFacts } from "./local-facts.ts";

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
            {call.origin.kind === "local" ? (
              "None: it ran on this machine."
            ) : (
              <>
                <Unknown /> {explanation.costUnknown ?? "No price is known."}
              </>
            )}
          </p>
        )}
      </Section>
      <Section title="Usage" aside={call.usage.source ? `counted by ${call.usage.source}` : undefined}>
        <UsageFacts explanation={explanation} />
        <ContextBar explanation={explanation} />
      </Section>
      {call.local && (
        <Section title="Local run" aside={call.local.weights.quantization}>
          <Facts of={runFacts(call.local)} />
        </Section>
      )}
      {call.local && (
        <Section title="Prompt" aside={call.prompt && `${formatCount(call.prompt.length)} tokens`}>
          <Facts of={promptFacts(call.local)} />
        </Section>
      )}
      {call.request && (
        <Section title="Parameters" aside={call.request.format}>
          <Facts
            of={[
              ...parameterFacts({ ...call.request.parameters, ...call.request.local }, call.local !== undefined),
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

function parameterFacts(parameters: object, isLocal: boolean): (readonly [string, ReactNode])[] {
  const facts = Object.entries(parameters).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)] as const);
  return facts.length > 0 ? facts : [["all", isLocal ? "as the runtime sets them" : "as the provider sets them"]];
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
