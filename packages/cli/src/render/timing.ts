import type { Call, Durations } from "@cutaway/core";
import { sparkline } from "../terminal/bars.ts";
import { dim, type Line, line, type Piece } from "../terminal/line.ts";
import { count, milliseconds } from "../terminal/numbers.ts";
import { wrap } from "../terminal/wrap.ts";
import { joined } from "./section.ts";

/** The durations in words, and the call's time from left to right: waiting, the stream's chunks as they came, the silence after. */
export function renderTiming(call: Call, durations: Durations, width: number): Line[] {
  const { ttft, ttfText, total, tpot, chunkGaps, tail } = durations;
  const { headers } = call.instants;
  if (ttft === undefined && total === undefined) return [];
  const words = joined([
    total === undefined ? undefined : `${milliseconds(total)} in all`,
    ttft !== undefined || headers === undefined ? undefined : `headers after ${milliseconds(headers)}`,
    ttft === undefined ? undefined : `first token after ${milliseconds(ttft)}`,
    ttfText !== undefined && ttfText !== ttft ? `first text after ${milliseconds(ttfText)}` : undefined,
    tpot === undefined ? undefined : `${milliseconds(tpot)} a token, ${count(Math.round(1000 / tpot))} tokens/s`,
    chunkGaps === undefined ? undefined : `longest gap ${milliseconds(chunkGaps.max)}`,
    tail !== undefined && tail > 100 ? `silent ${milliseconds(tail)} before the end` : undefined,
  ]);
  return [...wrap(words, width, 2), ...waterfall(call, total, width)];
}

/** One line of `width` columns over the whole call: `·` until the headers, `░` until the first token, then the bytes that came. */
function waterfall(call: Call, total: number | undefined, width: number): Line[] {
  const { headers, firstToken, chunks } = call.instants;
  if (total === undefined || total <= 0 || !chunks || chunks.length < 2) return [];
  const label = ` ${milliseconds(total)}`;
  const columns = Math.max(20, width - label.length - 2);
  const at = (instant: number) => Math.min(columns - 1, Math.max(0, Math.floor((instant / total) * columns)));
  const bytes = new Array<number>(columns).fill(0);
  for (const [arrived, size] of chunks) bytes[at(arrived)] = (bytes[at(arrived)] ?? 0) + size;
  const started = at(firstToken ?? chunks[0]?.[0] ?? 0);
  const answered = Math.min(started, at(headers ?? 0));
  const pieces: Piece[] = [
    { text: "·".repeat(answered), style: "dim" },
    { text: "░".repeat(started - answered), style: "dim" },
    { text: sparkline(bytes.slice(started)), style: "bar" },
  ];
  return [line(dim("│"), ...pieces, dim("│"), dim(label))];
}
