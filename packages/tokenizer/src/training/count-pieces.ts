import { type AddedToken, AddedTokenFinder } from "../added-tokens.ts";
import { Utf8Buffer } from "../bpe/utf8-buffer.ts";
import { next } from "../scan/character-class.ts";
import type { TextSplitter } from "../text-splitter.ts";
import { PieceCounts } from "./piece-counts.ts";
import { breath, type RunOptions, refuseIfAborted } from "./steps.ts";

/** Texts to train on, each a text of its own: no piece goes across two of them. */
export type TrainingTexts = Iterable<string> | AsyncIterable<string>;

export interface CountRules extends RunOptions {
  splitter: TextSplitter;
  /** What is done to a text before it is cut. */
  normalize?: (text: string) => string;
  /** Every line, with its end, is a text of its own. */
  lines?: boolean;
  /** Found in the text before anything else and left out of it: tokens that are not learned. */
  added?: readonly AddedToken[];
}

const newline = 0x0a;

/** Cuts texts into pieces and counts these. A lone surrogate counts as U+FFFD. */
export async function countPieces(texts: TrainingTexts, rules: CountRules): Promise<PieceCounts> {
  const { splitter, normalize, lines = false, added = [], onProgress, signal } = rules;
  const pieces = new PieceCounts();
  const buffer = new Utf8Buffer();
  const finder = new AddedTokenFinder(added);
  let bytes = 0;
  let reported = 0;
  let since = Date.now();
  for await (const text of texts) {
    refuseIfAborted(signal);
    for (const part of between(text, finder)) {
      buffer.fill(normalize ? normalize(part) : part);
      bytes += buffer.length;
      if (lines) forEachLine(buffer, (start, end) => count(pieces, buffer, start, end, splitter));
      else count(pieces, buffer, 0, buffer.length, splitter);
    }
    if (bytes - reported >= 1 << 20) {
      reported = bytes;
      onProgress?.({ phase: "count", done: bytes });
    }
    if (Date.now() - since > 50) {
      await breath();
      since = Date.now();
    }
  }
  onProgress?.({ phase: "count", done: bytes });
  return pieces;
}

function* between(text: string, finder: AddedTokenFinder): Iterable<string> {
  if (finder.tokens.length === 0) return yield text;
  let from = 0;
  for (const { start, end } of finder.find(text, () => true)) {
    if (start > from) yield text.slice(from, start);
    from = end;
  }
  if (from < text.length) yield text.slice(from);
}

function forEachLine({ bytes, length }: Utf8Buffer, use: (start: number, end: number) => void): void {
  for (let start = 0; start < length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 || found >= length ? length : found + 1;
    use(start, end);
    start = end;
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function count(pieces: PieceCounts, buffer: Utf8Buffer, from: number, to: number, splitter: TextSplitter): void {
  const { bytes, view } = buffer;
  if (splitter.kind === "scan") {
    const { scan } = splitter;
    for (let start = from; start < to; ) {
      const end = scan(bytes, start, to);
      pieces.add(view, start, end);
      start = end;
    }
    return;
  }
  const ranges = splitter.split(utf8.decode(bytes.subarray(from, to)));
  let unit = 0;
  let byte = from;
  const byteAt = (offset: number): number => {
    while (unit < offset) {
      const after = next(bytes, byte);
      unit += after - byte === 4 ? 2 : 1;
      byte = after;
    }
    return byte;
  };
  for (let index = 0; index < ranges.length; index += 2) {
    const start = byteAt(ranges[index] as number);
    const end = byteAt(ranges[index + 1] as number);
    if (end > start) pieces.add(view, start, end);
  }
}
