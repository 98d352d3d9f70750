import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { CutawayError, seededRandom } from "@cutaway/core";
import { explainSystemError } from "../system-error.ts";

/** A line is cut where it reaches this many characters: a file without line ends need not fit in memory. */
const longestLine = 1 << 24;
/** Held-out text is kept in memory. Characters */
const mostHeldOut = 1 << 25;
/** The same lines are held out in every run. */
const seed = 1;

export interface TrainingFiles {
  /** Texts that end at the end of a line, as they are read. */
  texts: AsyncIterable<string>;
  /** The lines that were not given out, joined; complete once `texts` is read. */
  heldOut: string[];
}

/** Reads files as a stream; of their lines, the part `holdout` is kept back, drawn by a fixed seed, until there is enough of it. `-` is standard input. */
export function trainingTexts(files: readonly string[], holdout: number, interrupted: AbortSignal): TrainingFiles {
  const heldOut: string[] = [];
  let held = 0;
  const random = seededRandom(seed);
  const part = (text: string): string => {
    if (holdout === 0 || held >= mostHeldOut) return text;
    const kept: string[] = [];
    for (const row of text.split(/(?<=\n)/)) {
      if (held >= mostHeldOut || random() >= holdout) kept.push(row);
      else {
        heldOut.push(row);
        held += row.length;
      }
    }
    return kept.join("");
  };
  async function* texts() {
    for (const file of files) for await (const text of wholeLines(file, interrupted)) yield part(text);
  }
  return { texts: texts(), heldOut };
}

async function* wholeLines(file: string, interrupted: AbortSignal): AsyncGenerator<string> {
  let rest = "";
  for await (const text of decoded(file, interrupted)) {
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) {
      yield rest + text.slice(0, end);
      rest = text.slice(end);
    } else rest += text;
    if (rest.length < longestLine) continue;
    yield rest;
    rest = "";
  }
  if (rest !== "") yield rest;
}

/** Ends early when it is interrupted, even where nothing more comes: the training says so then. */
async function* decoded(file: string, interrupted: AbortSignal): AsyncGenerator<string> {
  const name = file === "-" ? "standard input" : file;
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const stream: Readable = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  const stop = () => stream.destroy();
  interrupted.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of stream) yield utf8.decode(chunk as Uint8Array, { stream: true });
    utf8.decode();
  } catch (error) {
    if (interrupted.aborted) return;
    if (!(error instanceof TypeError)) throw explainSystemError(error, name);
    throw new CutawayError("not-utf8", `${name} is not UTF-8 text`, { fix: "Convert it, e.g. with iconv -t utf-8.", cause: error });
  } finally {
    interrupted.removeEventListener("abort", stop);
    stream.destroy();
  }
}
