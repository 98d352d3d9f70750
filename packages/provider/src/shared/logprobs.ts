import { type Alternative, encodeUtf8, type JsonObject, type TokenStep } from "@cutaway/core";
import { listOf, numberOf, objectsOf, textOf } from "../json/fields.ts";

/**
 * One entry of OpenAI's `logprobs` (chat and Responses) as a step. `bytes` come from `bytes`, else from the UTF-8 of `token`;
 * `rank` and `tailMass` only where the recorded alternatives decide them.
 * Undefined for an entry without a token.
 */
export function tokenStep(entry: JsonObject, at: number | undefined): TokenStep | undefined {
  const bytes = bytesOf(entry);
  if (!bytes) return undefined;
  const step: TokenStep = { bytes };
  if (at !== undefined) step.at = at;
  const logprob = numberOf(entry.logprob);
  if (logprob !== undefined) step.logprob = logprob;
  const top = objectsOf(entry.top_logprobs)
    .map(alternative)
    .filter((item) => item !== undefined);
  if (top.length === 0) return step;
  step.top = top;
  const rank = rankOf(bytes, top);
  if (rank !== undefined) step.rank = rank;
  const listed = top.reduce((sum, item) => sum + Math.exp(item.logprob), 0);
  step.tailMass = Math.min(1, Math.max(0, 1 - listed));
  return step;
}

function alternative(entry: JsonObject): Alternative | undefined {
  const bytes = bytesOf(entry);
  const logprob = numberOf(entry.logprob);
  return bytes && logprob !== undefined ? { bytes, logprob } : undefined;
}

/** How many listed alternatives are more probable; undefined when the token itself is not among them. */
function rankOf(bytes: Uint8Array, top: readonly Alternative[]): number | undefined {
  const own = top.find((item) => sameBytes(item.bytes, bytes));
  return own && top.filter((item) => item.logprob > own.logprob).length;
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** From `bytes` where the provider lists them: only they are true for a token that is part of a character. Otherwise the UTF-8 of `token`. */
function bytesOf(entry: JsonObject): Uint8Array | undefined {
  const listed = listOf(entry.bytes);
  const token = textOf(entry.token);
  const spelled = token === undefined ? undefined : spellingOf(token);
  if (listed.length === 0) return spelled;
  if (spelled && listed.length === spelled.length && spelled.every((byte, i) => byte === listed[i])) return spelled;
  return listed.every((byte) => typeof byte === "number" && Number.isInteger(byte) && byte >= 0 && byte < 256)
    ? Uint8Array.from(listed as number[])
    : spelled;
}

/** Tokens repeat, and alternatives repeat more: an answer with logprobs would hold tens of thousands of equal small arrays. Forgotten when full. */
const spellings = new Map<string, Uint8Array>();
const mostSpellings = 20_000;

function spellingOf(token: string): Uint8Array {
  const known = spellings.get(token);
  if (known) return known;
  const bytes = encodeUtf8(token);
  if (token.length > 32) return bytes;
  if (spellings.size >= mostSpellings) spellings.clear();
  spellings.set(token, bytes);
  return bytes;
}
