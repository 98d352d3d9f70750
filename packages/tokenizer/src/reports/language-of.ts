import type { LanguageShare, Query } from "./report-types.ts";

/** Scripts that more than one language in print uses today, and those of the large languages; what is none of them is `other`. */
const scripts = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Arabic",
  "Hebrew",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Thai",
  "Lao",
  "Khmer",
  "Myanmar",
  "Tibetan",
  "Georgian",
  "Armenian",
  "Ethiopic",
  "Hangul",
  "Hiragana",
  "Katakana",
  "Han",
] as const;

const patterns = scripts.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "gu")] as const);

/** Letters looked at: a script shows in fewer. */
const mostLooked = 2000;

/** The script of most of a text's letters; kana beside Han is Japanese writing, and counts as such. `none`: there is no letter. */
export function scriptOf(text: string): string {
  const letters = text.slice(0, mostLooked).match(/\p{L}/gu)?.join("") ?? "";
  if (letters === "") return "none";
  const counts = patterns.map(([script, pattern]) => ({ script, letters: letters.match(pattern)?.length ?? 0 }));
  const of = (script: (typeof scripts)[number]) => counts.find((count) => count.script === script)?.letters ?? 0;
  const kana = of("Hiragana") + of("Katakana");
  const japanese = kana > 0 ? { script: "Japanese", letters: kana + of("Han") } : undefined;
  const best = [...counts, ...(japanese ? [japanese] : [])].reduce((most, count) => (count.letters > most.letters ? count : most));
  return best.letters === 0 ? "other" : best.script;
}

/** How a query is grouped: by its label, else by its script. */
export function languageOf({ text, language }: Query): Pick<LanguageShare, "language" | "by"> {
  return language === undefined ? { language: scriptOf(text), by: "script" } : { language, by: "label" };
}
