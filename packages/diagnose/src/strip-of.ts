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

/** returns undefined where the steps' bytes are not the text's: then they are not its tokens */
function fromSteps(text: string, steps: readonly TokenStep[]): StripToken[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const units = unitsBefore(text, bytes.length);
  const tokens: StripToken[] = [];
  let at = 0;
  for (const step of steps) {
    const end = at + step.bytes.length;
    if (end > bytes.length) return undefined;
    for (let i = 0; i < step.bytes.length; i++) if (step.bytes[i] !== bytes[at + i]) return undefined;
    // A token that begins or ends inside a character covers it whole: such neighbours overlap on it.
    const span = { start: units[at] as number, end: end === at ? (units[at] as number) : unitEnd(units, end) };
    tokens.push({
      span,
      ...(step.id !== undefined && { id: step.id }),
      ...(step.logprob !== undefined && { logprob: step.logprob }),
      ...(step.at !== undefined && { at: step.at }),
    });
    at = end;
  }
  return at === bytes.length ? tokens : undefined;
}

/** units[b]: UTF-16 offset of the character that byte b belongs to; one entry past the end. */
function unitsBefore(text: string, length: number): Uint32Array {
  const units = new Uint32Array(length + 1);
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let i = 0; i < size; i++) units[byte++] = unit;
    unit += character.length;
  }
  units[length] = text.length;
  return units;
}

/** End of the character that the byte before `end` belongs to. */
function unitEnd(units: Uint32Array, end: number): number {
  const inside = units[end - 1] as number;
  let next = end;
  while (next < units.length - 1 && units[next] === inside) next++;
  return units[next] as number;
}
