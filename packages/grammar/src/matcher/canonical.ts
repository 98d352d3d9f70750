import type { Tokenizer } from "@cutaway/core";

export interface CanonicalCheck {
  /** Whether the tokenizer gives these very tokens for their text; `undefined` where their bytes are no text (cut inside a character). */
  canonical: boolean | undefined;
  /** Index of the first token that the tokenizer would not give. */
  differsAt?: number;
}

/** A grammar allows every spelling in tokens; models were trained on the tokenizer's own. Stretches between special tokens are compared each for itself. */
export function checkCanonical(tokenizer: Tokenizer, ids: readonly number[]): CanonicalCheck {
  let unknown = false;
  for (let from = 0; from < ids.length; ) {
    const kind = tokenizer.kindOf(ids[from] as number);
    if (kind !== "text" && kind !== "byte") {
      from++;
      continue;
    }
    let to = from;
    for (let next = kind as string | undefined; next === "text" || next === "byte"; next = tokenizer.kindOf(ids[++to] as number));
    const stretch = ids.slice(from, to);
    const text = textOf(tokenizer.decodeBytes(stretch));
    if (text === undefined) unknown = true;
    else {
      const own = tokenizer.encode(text, { disallowedSpecial: "as-text" });
      const differs = stretch.findIndex((id, i) => own[i] !== id);
      if (differs >= 0 || own.length !== stretch.length) return { canonical: false, differsAt: from + (differs < 0 ? stretch.length - 1 : differs) };
    }
    from = to;
  }
  return { canonical: unknown ? undefined : true };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
