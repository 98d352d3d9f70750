import { useEffect, useState } from "react";
import { ApiError } from "./api-error.ts";

export type Fetched<T> = { state: "waiting"; value?: T } | { state: "here"; value: T } | { state: "failed"; error: ApiError; value?: T };

/**
 * A value from the server for a key; it is fetched again when the key or `round` changes. While it is fetched again for the same key,
 * the value before stays. An undefined key fetches nothing.
 */
export function useFetched<T>(key: string | undefined, round: number, fetcher: (key: string, signal: AbortSignal) => Promise<T>): Fetched<T> {
  const [fetched, setFetched] = useState<{ key: string | undefined; result: Fetched<T> }>({ key, result: { state: "waiting" } });
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetchers are written in place; the key says what they fetch, the round when
  useEffect(() => {
    if (key === undefined) return;
    const abort = new AbortController();
    fetcher(key, abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setFetched({ key, result: { state: "here", value } });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setFetched({ key, result: { state: "failed", error: asApiError(error) } });
      },
    );
    return () => abort.abort();
  }, [key, round]);
  return fetched.key === key ? fetched.result : { state: "waiting" };
}

export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError("unexpected", error instanceof Error ? error.message : String(error));
