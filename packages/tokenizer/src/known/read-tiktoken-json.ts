import { CutawayError, isJsonObject } from "@cutaway/core";
import type { TiktokenRanks } from "../from-tiktoken-ranks.ts";

const field = '"bpe_ranks"';
const colon = 0x3a;
const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;

/**
 * tiktoken's data as its npm package holds it. The ranks are nearly all of the file, and are taken as the bytes they are: parsing them as JSON
 * would take as long again as using them.
 */
export function readTiktokenJson(file: Uint8Array, name: string): TiktokenRanks {
  const start = textStart(file);
  const end = start < 0 ? -1 : file.indexOf(quote, start);
  const utf8 = new TextDecoder();
  const rest: unknown = end < 0 ? undefined : parse(utf8.decode(file.subarray(0, start)) + utf8.decode(file.subarray(end)));
  if (!isJsonObject(rest) || rest.bpe_ranks !== "" || typeof rest.pat_str !== "string" || !isJsonObject(rest.special_tokens)) {
    throw new CutawayError("bad-vocabulary", `${name} holds no ranks in tiktoken's form: bpe_ranks, pat_str and special_tokens`, {
      fix: "Install the package again, or use the file as it was published.",
      data: { name },
    });
  }
  return {
    name,
    ranks: withoutEscapes(file.subarray(start, end)),
    pattern: rest.pat_str,
    specialTokens: rest.special_tokens as Record<string, number>,
  };
}

/** Runs of ranks are apart by line ends, which JSON writes as `\n`. */
function withoutEscapes(ranks: Uint8Array): Uint8Array {
  if (!ranks.includes(backslash)) return ranks;
  const spaced = ranks.slice();
  for (let at = spaced.indexOf(backslash); at >= 0; at = spaced.indexOf(backslash, at + 1)) spaced.fill(space, at, at + 2);
  return spaced;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the text of the field `bpe_ranks` starts; -1 where there is none. */
function textStart(file: Uint8Array): number {
  let at = afterField(file);
  while (at >= 0 && ((file[at] as number) <= space || file[at] === colon)) at++;
  return file[at] === quote ? at + 1 : -1;
}

function afterField(file: Uint8Array): number {
  for (let at = file.indexOf(quote); at >= 0; at = file.indexOf(quote, at + 1)) {
    let length = 0;
    while (length < field.length && file[at + length] === field.charCodeAt(length)) length++;
    if (length === field.length) return at + length;
  }
  return -1;
}
