import type { TokenStep } from "@cutaway/core";
import { useEffect, useState } from "react";
import type { StepSource, StripTokens } from "../strip/tokens.ts";
import { api } from "./client.ts";

const pageSize = 64;
const pagesKept = 40;

/** Pages that were asked for, the one asked for last at the end. */
const pages = new Map<string, Promise<TokenStep[]>>();

function pageOf({ call, answer, round }: StepSource, page: number): Promise<TokenStep[]> {
  const key = `${call} ${round} ${answer} ${page}`;
  const known = pages.get(key);
  const asked = known ?? api.steps(call, answer, page * pageSize, (page + 1) * pageSize);
  pages.delete(key);
  pages.set(key, asked);
  if (!known) asked.catch(() => pages.delete(key));
  for (const oldest of pages.keys()) {
    if (pages.size <= pagesKept) break;
    pages.delete(oldest);
  }
  return asked;
}

/** A token's step with its alternatives and stages, fetched where the call came without them; `waiting` until then. */
export function useStep(tokens: StripTokens, i: number): { step: TokenStep | undefined; waiting: boolean } {
  const { detail } = tokens;
  const [fetched, setFetched] = useState<{ detail: StepSource; i: number; step: TokenStep | undefined }>();
  useEffect(() => {
    if (!detail) return;
    let isWanted = true;
    const keep = (step: TokenStep | undefined) => isWanted && setFetched({ detail, i, step });
    pageOf(detail, Math.floor(i / pageSize)).then(
      (page) => keep(page[i % pageSize]),
      () => keep(undefined),
    );
    return () => {
      isWanted = false;
    };
  }, [detail, i]);
  if (!detail) return { step: tokens.steps?.[i], waiting: false };
  if (fetched?.detail === detail && fetched.i === i) return { step: fetched.step ?? tokens.steps?.[i], waiting: false };
  return { step: tokens.steps?.[i], waiting: true };
}
