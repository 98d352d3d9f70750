import { CutawayError, type EncodeOptions, type TokenId } from "@cutaway/core";
import type { AddedToken } from "./added-tokens.ts";

/**
 * What the options make of an added token found in a text: `true` for the token itself, `false` for plain text.
 * Calling the result throws `special-token-in-text` for a special token that is not allowed: text that comes from
 * users must not be able to speak in control tokens unnoticed.
 */
export function acceptance(
  tokenizer: string,
  specials: ReadonlyMap<string, TokenId>,
  options: EncodeOptions = {},
): (token: AddedToken, at: number) => boolean {
  const { allowedSpecial = [], disallowedSpecial = "refuse" } = options;
  const allowed = allowedSpecial === "all" ? undefined : new Set(allowedSpecial);
  for (const name of allowed ?? []) {
    if (specials.has(name)) continue;
    throw new CutawayError("unknown-special-token", `allowedSpecial: ${JSON.stringify(name)} is not a special token of ${tokenizer}`, {
      fix: `Its special tokens are ${listed([...specials.keys()])}.`,
      data: { token: name, tokenizer },
    });
  }
  return (token, at) => {
    if (!token.special || !allowed || allowed.has(token.content)) return true;
    if (disallowedSpecial === "as-text") return false;
    const content = JSON.stringify(token.content);
    throw new CutawayError("special-token-in-text", `${content} at character ${at} is a special token of ${tokenizer}`, {
      fix: `Pass allowedSpecial: [${content}] to encode it as one, or disallowedSpecial: "as-text" to treat it as plain text.`,
      data: { token: token.content, id: token.id, at, tokenizer },
    });
  };
}

function listed(names: string[]): string {
  if (names.length === 0) return "none";
  const first = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${first}, … (${names.length})` : first;
}
