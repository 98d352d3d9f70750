import type { Evidence, Explanation } from "@cutaway/core";
import { useRef } from "react";
import { formatBytes, formatCount, formatMs } from "../format/numbers.ts";
import { Facts, Section } from "../parts/section.tsx";
import { useSize } from "../parts/use-canvas.ts";
import type { Light } from "../strip/lights.ts";
import { ChunkTable } from "./chunk-table.tsx";
import { longestGaps } from "./stages.ts";
import { Waterfall } from "./waterfall.tsx";

/** Where the time went: the stages of the call to scale, the chunks as they came, and the silences between them. */
export function TimingView({ explanation, lights }: { explanation: Explanation; lights: readonly Light[] }) {
  const { call, durations } = explanation;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const chunks = call.instants.chunks ?? [];
  const timed = lights.flatMap(({ evidence, bright }) => (evidence.kind === "timing" ? [{ evidence, bright }] : []));
  const gaps = longestGaps(chunks, 5);
  const hasTimes = call.instants.closed !== undefined || call.instants.firstToken !== undefined || chunks.length > 0;
  return (
    <div className="timing-view" data-testid="timing">
      {hasTimes ? (
        <div ref={box} className="waterfall-box">
          {width > 0 && <Waterfall call={call} width={width} lit={timed} />}
        </div>
      ) : (
        <p className="no-text">
          No clock ran while this answer was recorded: its times are unknown. Calls through the proxy, and live calls, are timed.
        </p>
      )}
      {hasTimes && (
        <div className="timing-tables">
          <Section title="Durations">
            <Facts
              of={[
                ["TTFT, first token − issued", durations.ttft === undefined ? null : formatMs(durations.ttft)],
                ["first answer text", durations.ttfText === undefined ? undefined : formatMs(durations.ttfText)],
                [
                  "TPOT, (last − first token) ÷ (n − 1)",
                  durations.tpot === undefined
                    ? null
                    : `${formatMs(durations.tpot)} · n = ${formatCount(call.usage.outputTokens)} by ${call.usage.source ?? "unknown"}`,
                ],
                ["speed, 1 ÷ TPOT", durations.tpot === undefined ? undefined : `${(1000 / durations.tpot).toFixed(1)} tokens/s`],
                ["total, closed − issued", durations.total === undefined ? null : formatMs(durations.total)],
                ["after the last chunk", durations.tail === undefined ? undefined : formatMs(durations.tail)],
                ["server's own time", call.response?.processingMs === undefined ? undefined : formatMs(call.response.processingMs)],
              ]}
            />
          </Section>
          <Section title="Chunks" aside={`${formatCount(chunks.length)}, ${formatBytes(chunks.reduce((sum, [, bytes]) => sum + bytes, 0))}`}>
            <Facts
              of={[
                ["gap p50", durations.chunkGaps && formatMs(durations.chunkGaps.p50)],
                ["gap p95", durations.chunkGaps && formatMs(durations.chunkGaps.p95)],
                ["gap max", durations.chunkGaps && formatMs(durations.chunkGaps.max)],
                ...gaps
                  .slice(0, 3)
                  .map(
                    (gap, i) =>
                      [`longest ${i + 1}`, `${formatMs(gap.end - gap.start)} before chunk ${gap.chunk}, at ${formatMs(gap.start)}`] as const,
                  ),
              ]}
            />
            <p className="fine">Gaps between chunks are not gaps between tokens: a chunk may carry several.</p>
          </Section>
        </div>
      )}
      {chunks.length > 0 && <ChunkTable chunks={chunks} lit={timed.flatMap(({ evidence }) => spanOf(evidence))} />}
    </div>
  );
}

const spanOf = ({ at }: Evidence) => (typeof at === "string" ? [] : [at]);
