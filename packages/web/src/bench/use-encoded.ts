import { useEffect, useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { type EncodeRequest, tokenizersApi } from "../api/tokenizers.ts";
import { asApiError } from "../api/use-fetched.ts";
import { type EncodedText, encodedText } from "./encoded-text.ts";

export interface Encoding {
  /** The last that arrived, of an older text while `waiting`. */
  encoded?: EncodedText;
  error?: ApiError;
  waiting: boolean;
}

/** Tokens of a text under each tokenizer, asked for again when either changes. Only the last request of each counts; one that is out of date is given up. */
export function useEncoded(tokenizers: readonly string[], text: string, special: boolean, add: boolean): Encoding[] {
  const [all, setAll] = useState<ReadonlyMap<string, Encoding>>(new Map());
  const names = tokenizers.join("\n");
  useEffect(() => {
    const abort = new AbortController();
    const asked = names === "" ? [] : names.split("\n");
    setAll((now) => new Map(asked.map((name) => [name, { ...now.get(name), waiting: true }])));
    const keep = (name: string, encoding: Encoding) => {
      if (!abort.signal.aborted) setAll((now) => new Map(now).set(name, encoding));
    };
    for (const tokenizer of asked) {
      const request: EncodeRequest = { tokenizer, text, special, add };
      tokenizersApi.encode(request, abort.signal).then(
        (packed) => keep(tokenizer, { encoded: encodedText(tokenizer, text, packed), waiting: false }),
        (error: unknown) => keep(tokenizer, { error: asApiError(error), waiting: false }),
      );
    }
    return () => abort.abort();
  }, [names, text, special, add]);
  return tokenizers.map((name) => all.get(name) ?? { waiting: true });
}
