import { useMemo } from "react";
import type { InsideToken, InsideTokens, Subject } from "../api/inside.ts";
import { insideApi } from "../api/inside.ts";
import { type Fetched, useFetched } from "../api/use-fetched.ts";
import { onOneLine, visibleToken } from "../format/visible.ts";

export const subjectKey = (subject: Subject): string => JSON.stringify(subject);

/** The tokens of what is looked into, as they are shown. */
export interface ReadTokens extends InsideTokens {
  /** On one line each; spaces are dots. */
  shown: string[];
  shownSource?: string[];
}

export function useTokens(subject: Subject): Fetched<ReadTokens> {
  const fetched = useFetched(subjectKey(subject), 0, (_, signal) => insideApi.tokens(subject, signal));
  const value = useMemo(() => fetched.value && readTokens(fetched.value), [fetched.value]);
  return { ...fetched, value } as Fetched<ReadTokens>;
}

function readTokens(tokens: InsideTokens): ReadTokens {
  return { ...tokens, shown: tokens.tokens.map(shownToken), ...(tokens.source && { shownSource: tokens.source.map(shownToken) }) };
}

const shownToken = ({ bytes }: InsideToken): string => shownBytes(bytes);

export const shownBytes = (bytes: Uint8Array | undefined): string =>
  bytes === undefined || bytes.length === 0 ? "‹end›" : onOneLine(visibleToken(bytes)).replaceAll(" ", "·");
