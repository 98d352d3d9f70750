import { encodeUtf8 } from "@cutaway/core";
import { Utf8Buffer } from "../bpe/utf8-buffer.ts";
import { next } from "../scan/character-class.ts";
import { Stretcher, type StretchRules } from "../stretches.ts";
import type { TextSplitter } from "../text-splitter.ts";
import { PieceCounts } from "./piece-counts.ts";
import { breath, type RunOptions, refuseIfAborted } from "./steps.ts";

/** Texts to train on, each a text of its own: no piece goes across two of them. */
export type TrainingTexts = Iterable<string> | AsyncIterable<string>;

export interface CountRules extends RunOptions, Partial<StretchRules> {
  splitter: TextSplitter;
  /** Every line, with its end, is a text of its own. */
  lines?: boolean;
  /** What is done to each stretch of text last, before it is cut; `isFirst`: it stands at the beginning of its text. */
  prepare?: (text: string, isFirst: boolean) => string;
}

const newline = 0x0a;
/** Characters. */
const partLength = 1 << 17;

/** Cuts texts into pieces and counts these; added tokens are left out. A lone surrogate counts as U+FFFD. */
export async function countPieces(texts: TrainingTexts, rules: CountRules): Promise<PieceCounts> {
  const {
    splitter,
    lines = false,
    prepare,
    onProgress,
    signal,
    addedTokens = [],
    normalizedTokens = [],
    normalize = [],
    prefixSpace = false,
  } = rules;
  const stretcher = new Stretcher({ addedTokens, normalizedTokens, normalize, prefixSpace });
  const pieces = new PieceCounts();
  const buffer = new Utf8Buffer();
  let bytes = 0;
  let reported = 0;
  let since = Date.now();
  for await (const text of lines ? inParts(texts) : texts) {
    refuseIfAborted(signal);
    const stretches = stretcher.stretches(text, () => true);
    for (const [index, stretch] of stretches.entries()) {
      if (stretch.token) continue;
      const prepared = prepare ? prepare(stretch.text, index === 0) : stretch.text;
      buffer.fill(prepared);
      if (prepared === text) bytes += buffer.length;
      else if (index === 0) bytes += encodeUtf8(text).length;
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

/** Long texts in parts that end at the end of a line, which stay in the processor's cache. */
async function* inParts(texts: TrainingTexts): AsyncGenerator<string> {
  for await (const text of texts) {
    for (let start = 0; start < text.length; ) {
      const end = start + partLength < text.length ? text.indexOf("\n", start + partLength) + 1 : 0;
      yield end === 0 ? text.slice(start) : text.slice(start, end);
      start = end === 0 ? text.length : end;
    }
  }
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
    // A scanner stops at 0xFF, which is in no text.
    const beyond = bytes[to] as number;
    bytes[to] = 0xff;
    for (let start = from; start < to; ) {
      const end = scan(bytes, start, to);
      pieces.add(view, start, end);
      start = end;
    }
    bytes[to] = beyond;
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
