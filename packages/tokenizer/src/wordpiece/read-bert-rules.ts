import type { Fields } from "../json/fields.ts";
import type { BertRules } from "./bert-text.ts";

/** A `BertNormalizer`. Accents go where upper case does, unless the file says otherwise. */
export function readBertRules(normalizer: Fields): BertRules {
  const lowercase = normalizer.boolean("lowercase", true);
  return {
    cleanText: normalizer.boolean("clean_text", true),
    handleChineseChars: normalizer.boolean("handle_chinese_chars", true),
    stripAccents: normalizer.boolean("strip_accents", lowercase),
    lowercase,
  };
}
