import type { TokenKind } from "@cutaway/core";
import type { TokenSource } from "../src/vocabulary/vocabulary.ts";

/** A vocabulary of given tokens: text or bytes; `undefined` = a special token. */
export function vocabularyOfTokens(tokens: readonly (string | Uint8Array | undefined)[]): TokenSource {
  const bytes = tokens.map((token) => (typeof token === "string" ? new TextEncoder().encode(token) : token));
  return {
    vocabSize: tokens.length,
    bytesOf: (id) => bytes[id] ?? (id < tokens.length ? new Uint8Array() : undefined),
    kindOf: (id): TokenKind | undefined => (id >= tokens.length ? undefined : bytes[id] ? "text" : "special"),
  };
}

/** All single bytes, then the given tokens. */
export const withAllBytes = (...more: (string | Uint8Array | undefined)[]): TokenSource =>
  vocabularyOfTokens([...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), ...more]);

export function idsOf(mask: Uint32Array): number[] {
  const ids: number[] = [];
  for (let id = 0; id < 32 * mask.length; id++) if (((mask[id >>> 5] as number) >>> (id & 31)) & 1) ids.push(id);
  return ids;
}
