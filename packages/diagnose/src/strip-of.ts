import type { Answer, StripToken, Tokenizer, TokenStep, TokenStrip } from "@cutaway/core";

/**
 * The tokens of an answer's text: from the provider's own steps where their bytes join to the text, else from a tokenizer (an estimate
 * where that is a stand-in), else none.
 */
export function stripOf(answer: Answer, index: number, counter?: { tokenizer: Tokenizer; exact: boolean }): TokenStrip {
  const own = answer.steps && fromSteps(answer.text, answer.steps);
  if (own) return { answer: index, source: own.length > 0 && own.every(({ id }) => id !== undefined) ? "local" : "logprobs", tokens: own };
  if (!counter || answer.text === "") return { answer: index, source: "none", tokens: [] };
  const end = stripEnd(answer.text);
  const tokens = counter.tokenizer.encodeWithSpans(answer.text.slice(0, end), { disallowedSpecial: "as-text" }).map(({ id, span }) => ({ id, span }));
  return {
    answer: index,
    source: counter.exact ? "tokenizer" : "tokenizer-estimate",
    tokenizer: counter.tokenizer.name,
    tokens,
    ...(end < answer.text.length && { endsAt: end }),
  };
}

/** An answer of a million characters is a book; a strip of more would cost gigabytes and nobody would read it. */
const longestStrip = 1_000_000;

function stripEnd(text: string): number {
  if (text.length <= longestStrip) return text.length;
  const unit = text.charCodeAt(longestStrip - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? longestStrip - 1 : longestStrip;
}

/** returns undefined where the steps' bytes do not decode to the text: then they are not its tokens */
function fromSteps(text: string, steps: readonly TokenStep[]): StripToken[] | undefined {
  const bytes = joined(steps);
  if (new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) !== text) return undefined;
  const units = unitsOf(bytes);
  let at = 0;
  return steps.map((step) => {
    const end = at + step.bytes.length;
    // A token that begins or ends inside a character covers it whole: such neighbours overlap on it.
    const span = { start: units[at] as number, end: end === at ? (units[at] as number) : unitEnd(units, end) };
    at = end;
    return {
      span,
      ...(step.id !== undefined && { id: step.id }),
      ...(step.logprob !== undefined && { logprob: step.logprob }),
      ...(step.at !== undefined && { at: step.at }),
    };
  });
}

function joined(steps: readonly TokenStep[]): Uint8Array {
  const bytes = new Uint8Array(steps.reduce((sum, step) => sum + step.bytes.length, 0));
  let at = 0;
  for (const step of steps) {
    bytes.set(step.bytes, at);
    at += step.bytes.length;
  }
  return bytes;
}

/**
 * units[b]: UTF-16 offset of the character that byte b belongs to; one entry past the end. Bytes that are no character belong to the U+FFFD that
 * stands for them, one for each maximal beginning of a sequence.
 * source  WHATWG Encoding Standard, UTF-8 decoder
 */
function unitsOf(bytes: Uint8Array): Uint32Array {
  const { length } = bytes;
  const units = new Uint32Array(length + 1);
  let unit = 0;
  /** Continuation bytes still to come, and the range that the next one must be in. */
  let needed = 0;
  let lower = 0x80;
  let upper = 0xbf;
  let width = 1;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] as number;
    if (needed > 0 && (byte < lower || byte > upper)) {
      unit += 1;
      needed = 0;
    }
    units[i] = unit;
    if (needed > 0) {
      needed -= 1;
      if (needed === 0) unit += width;
      lower = 0x80;
      upper = 0xbf;
      continue;
    }
    needed = byte >= 0xc2 && byte <= 0xdf ? 1 : byte >= 0xe0 && byte <= 0xef ? 2 : byte >= 0xf0 && byte <= 0xf4 ? 3 : 0;
    width = needed === 3 ? 2 : 1;
    lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    if (needed === 0) unit += 1;
  }
  units[length] = needed > 0 ? unit + 1 : unit;
  return units;
}

/** End of the character that the byte before `end` belongs to. */
function unitEnd(units: Uint32Array, end: number): number {
  const inside = units[end - 1] as number;
  let next = end;
  while (next < units.length - 1 && units[next] === inside) next++;
  return units[next] as number;
}
