import { type Alternative, decodeUtf8, type JsonObject, type JsonValue, type PromptToken, type ScoredToken, type TokenStep } from "@cutaway/core";

/** The name of a token as a chat completion tells it: its text, with U+FFFD where a character is not whole; `bytes` has the truth. */
interface NamedToken extends JsonObject {
  token: string;
  logprob: number;
  bytes: number[];
}

/** What JSON has no number for: a token that the model finds impossible. As OpenAI writes it. */
const finite = (logprob: number): number => (Number.isFinite(logprob) ? logprob : -9999);

const named = (bytes: Uint8Array, logprob: number): NamedToken => ({ token: decodeUtf8(bytes), logprob: finite(logprob), bytes: Array.from(bytes) });

/** `choices[].logprobs.content` of a chat completion: the tokens that gave text, by the model's own distribution, before the sampler. */
export const chatLogprobs = (steps: readonly TokenStep[], alternatives: number): JsonValue[] =>
  steps
    .filter(({ bytes, logprob }) => bytes.length > 0 && logprob !== undefined)
    .map(({ bytes, logprob = 0, top = [] }) => ({
      ...named(bytes, logprob),
      top_logprobs: top.slice(0, alternatives).map((other) => named(other.bytes, other.logprob)),
    }));

/** One token of a text completion, of the prompt or of the answer. */
export interface TextToken {
  bytes: Uint8Array;
  /** `null`: the first token of a prompt has nothing before it. */
  logprob: number | null;
  top: readonly Alternative[];
}

export const textTokens = (steps: readonly TokenStep[]): TextToken[] =>
  steps.flatMap(({ bytes, logprob, top = [] }) => (bytes.length > 0 && logprob !== undefined ? [{ bytes, logprob, top }] : []));

export function promptTextTokens(prompt: readonly PromptToken[], scored: readonly ScoredToken[]): TextToken[] {
  return prompt.map(({ bytes }, at) => {
    const token = scored[at - 1];
    return { bytes, logprob: token ? token.logprob : null, top: token?.top ?? [] };
  });
}

/** `choices[].logprobs` of text completions, part by part; it counts how far the text has come, in characters. */
export function textLogprobs(alternatives: number): (tokens: readonly TextToken[]) => JsonObject {
  let characters = 0;
  return (tokens) => ({
    tokens: tokens.map(({ bytes }) => nameOf(bytes)),
    token_logprobs: tokens.map(({ logprob }) => (logprob === null ? null : finite(logprob))),
    top_logprobs: tokens.map(({ bytes, logprob, top }) => {
      if (logprob === null) return null;
      const all = [
        ...top.slice(0, alternatives).map((other): [string, number] => [nameOf(other.bytes), finite(other.logprob)]),
        [nameOf(bytes), finite(logprob)] as [string, number],
      ];
      return Object.fromEntries(all);
    }),
    text_offset: tokens.map(({ bytes }) => {
      const offset = characters;
      characters += beginnings(bytes);
      return offset;
    }),
  });
}

/** Tokens must not fall together under one name: what is no whole text is written in bytes, as OpenAI does. */
function nameOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  return text.includes("�") ? `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}` : text;
}

/** Characters that begin in these bytes. */
const beginnings = (bytes: Uint8Array): number => bytes.reduce((count, byte) => count + ((byte & 0xc0) === 0x80 ? 0 : 1), 0);

/** vLLM's `prompt_logprobs`: for each token of the prompt the alternatives by id, the token itself among them; `null` for the first. Ranks begin with 1. */
export function promptLogprobs(scored: readonly ScoredToken[], alternatives: number, bytesOf: (id: number) => Uint8Array): JsonValue[] {
  return [
    null,
    ...scored.map(({ id, logprob, rank, top }): JsonObject => {
      const entries = top.slice(0, alternatives).map((other, place) => [String(other.id), entry(other.logprob, place + 1, other.bytes)] as const);
      return { ...Object.fromEntries(entries), [id]: entry(logprob, rank + 1, bytesOf(id)) };
    }),
  ];
}

const entry = (logprob: number, rank: number, bytes: Uint8Array): JsonObject => ({
  logprob: finite(logprob),
  rank,
  decoded_token: decodeUtf8(bytes),
});
