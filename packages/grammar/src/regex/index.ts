import type { Text } from "../text/text.ts";
import { languageOf } from "./language.ts";
import { parseRegex, type RegexFlags } from "./parse.ts";

export type { RegexFlags };

/**
 * The texts that a regular expression of ECMA-262 matches (with the u flag; `parse.ts` says where it is more lenient).
 * `search`: anywhere in the text, as JSON Schema's `pattern` means it; the default. Otherwise the whole text.
 * @throws `regex-invalid`, `regex-unsupported`, `regex-too-large`, with `data: { pattern, position }`
 */
export const regexText = (pattern: string, options: RegexFlags & { search?: boolean } = {}): Text =>
  languageOf(parseRegex(pattern, options), pattern, options.search ?? true);
