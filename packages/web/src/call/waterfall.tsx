import type { Call, Evidence } from "@cutaway/core";
import { formatBytes, formatMs } from "../format/numbers.ts";
import { binChunks, type Mark, marksOf, type Stage, spanOf, stagesOf, ticks } from "./stages.ts";

const labels = 132;
const row = 26;
const chunkHeight = 54;

/** The stages of a call as a drawing to scale, each with its dimension line, above the chunks as they arrived. */
export function Waterfall({ call, width, lit }: { call: Call; width: number; lit: readonly { evidence: Evidence; bright: boolean }[] }) {
  const stages = stagesOf(call);
  const marks = marksOf(call);
  const chunks = call.instants.chunks ?? [];
  const span = spanOf(call);
  const left = width < 560 ? 0 : labels;
  const right = 14;
  const x = (at: number) => left + (at / span) * (width - left - right);
  const rowHeight = left === 0 ? row + 14 : row;
  const stagesEnd = 26 + stages.length * rowHeight;
  const height = stagesEnd + (chunks.length > 0 ? chunkHeight + 26 : 8);
  return (
    <svg
      className="waterfall"
      width={width}
      height={height}
      role="img"
      aria-label={stages.map((stage) => `${stage.name} ${formatMs(stage.end - stage.start)}`).join(", ")}
    >
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" fill="var(--paper-3)" />
          <line x1="0" y1="0" x2="0" y2="6" stroke="var(--ink-3)" strokeWidth="1.6" />
        </pattern>
      </defs>
      {ticks(span, width < 560 ? 4 : 8).map((at) => (
        <g key={at} className="axis">
          <line x1={x(at)} x2={x(at)} y1={18} y2={height} />
          <text x={x(at)} y={11} textAnchor={at === 0 ? "start" : x(at) > width - 40 ? "end" : "middle"}>
            {formatMs(at)}
          </text>
        </g>
      ))}
      {stages.map((stage, i) => (
        <StageRow
          key={stage.name}
          stage={stage}
          x={x}
          y={26 + i * rowHeight}
          width={width}
          labelled={left > 0}
          isLit={lit.some(({ evidence }) => evidence.at === markOf(stage))}
        />
      ))}
      {call.instants.reused && (
        <text className="stage-name" x={left > 0 ? left + 4 : 0} y={height - 2}>
          connection reused: there was nothing to connect
        </text>
      )}
      {chunks.length > 0 && <ChunkTicks call={call} x={x} y={stagesEnd + 10} left={left} width={width} span={span} lit={lit} />}
      {marks.map((mark) => (
        <MarkLine
          key={mark.name}
          mark={mark}
          x={x}
          bottom={height}
          isLit={lit.some(({ evidence }) => evidence.at === mark.name || evidence.at === `instants.${mark.name}`)}
        />
      ))}
    </svg>
  );
}

/** The instant at which a stage ends, as evidence names it. */
const markOf = (stage: Stage): string =>
  ({ connect: "connected", server: "headers", wait: "firstToken", stream: "lastToken", tail: "closed" })[stage.kind];

function StageRow({
  stage,
  x,
  y,
  width,
  labelled,
  isLit,
}: {
  stage: Stage;
  x: (at: number) => number;
  y: number;
  width: number;
  labelled: boolean;
  isLit: boolean;
}) {
  const [from, to] = [x(stage.start), x(stage.end)];
  const barTop = labelled ? y + 5 : y + 18;
  const label = formatMs(stage.end - stage.start);
  const inside = to - from > label.length * 7.2 + 26;
  const after = to + label.length * 7.2 + 14 < width;
  return (
    <g className={isLit ? "stage lit" : "stage"}>
      <title>{`${stage.name}: ${label}. ${stage.says}`}</title>
      <text className="stage-name" x={labelled ? 120 : 0} y={labelled ? y + 17 : y + 12} textAnchor={labelled ? "end" : "start"}>
        {stage.name}
      </text>
      <rect className={`stage-${stage.kind}`} x={from} y={barTop} width={Math.max(1.5, to - from)} height={16} />
      <text
        className={inside ? `stage-time on-${stage.kind}` : "stage-time"}
        x={inside ? (from + to) / 2 : after ? to + 8 : from - 8}
        y={barTop + 12}
        textAnchor={inside ? "middle" : after ? "start" : "end"}
      >
        {label}
      </text>
    </g>
  );
}

function ChunkTicks({
  call,
  x,
  y,
  left,
  width,
  span,
  lit,
}: {
  call: Call;
  x: (at: number) => number;
  y: number;
  left: number;
  width: number;
  span: number;
  lit: readonly { evidence: Evidence; bright: boolean }[];
}) {
  const chunks = call.instants.chunks ?? [];
  const plot = x(span) - x(0);
  const bins = binChunks(chunks, span, Math.max(1, plot / 2));
  const most = Math.max(1, ...bins);
  const binWidth = plot / bins.length;
  const path: string[] = [];
  bins.forEach((bytes, i) => {
    if (bytes === 0) return;
    const tall = Math.max(3, Math.sqrt(bytes / most) * (chunkHeight - 8));
    path.push(`M${(x(0) + (i + 0.5) * binWidth).toFixed(1)} ${y + chunkHeight}v${-tall.toFixed(1)}`);
  });
  return (
    <g className="chunks">
      <title>{`${chunks.length} chunks; height is the square root of bytes, the tallest ${formatBytes(most)}`}</title>
      {lit.flatMap(({ evidence, bright }) => {
        if (typeof evidence.at === "string") return [];
        const start = chunks[Math.max(0, evidence.at.start - 1)]?.[0];
        const end = chunks[Math.min(chunks.length, evidence.at.end) - 1]?.[0];
        return start === undefined || end === undefined
          ? []
          : [
              <rect
                key={`${start} ${end}`}
                className={bright ? "chunk-lit bright" : "chunk-lit"}
                x={x(start)}
                y={y}
                width={Math.max(3, x(end) - x(start))}
                height={chunkHeight}
              />,
            ];
      })}
      {left > 0 && (
        <text className="stage-name" x={120} y={y + chunkHeight - 2} textAnchor="end">
          chunks, √ bytes
        </text>
      )}
      <line className="chunk-floor" x1={left} x2={width} y1={y + chunkHeight} y2={y + chunkHeight} />
      <path d={path.join("")} style={{ strokeWidth: Math.max(1, Math.min(2, binWidth - 0.6)) }} />
    </g>
  );
}

function MarkLine({ mark, x, bottom, isLit }: { mark: Mark; x: (at: number) => number; bottom: number; isLit: boolean }) {
  return (
    <g className={isLit ? "mark lit" : "mark"}>
      <title>{`${mark.label} at ${formatMs(mark.at)}`}</title>
      <line x1={x(mark.at)} x2={x(mark.at)} y1={18} y2={bottom} />
    </g>
  );
}
