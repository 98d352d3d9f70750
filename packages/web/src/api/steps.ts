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

/** Steps that are fetched for a view of all of them; of a longer answer it shows what there is without. */
const mostFetched = 20_000;

/** All steps of an answer with their alternatives and stages; undefined until the last of them is there. */
export function useSteps(tokens: StripTokens | undefined): readonly TokenStep[] | undefined {
  const detail = tokens?.detail;
  const count = tokens?.steps?.length ?? 0;
  const [fetched, setFetched] = useState<{ detail: StepSource; steps: TokenStep[] }>();
  useEffect(() => {
    if (!detail) return;
    let isWanted = true;
    const read = async () => {
      const steps: TokenStep[] = [];
      for (let page = 0; isWanted && page * pageSize < Math.min(count, mostFetched); page++) steps.push(...(await pageOf(detail, page)));
      if (isWanted) setFetched({ detail, steps });
    };
    read().catch(() => isWanted && setFetched({ detail, steps: [] }));
    return () => {
      isWanted = false;
    };
  }, [detail, count]);
  if (!detail) return tokens?.steps;
  return fetched?.detail === detail ? fetched.steps : undefined;
}
