import type { Tokenizer } from "@cutaway/core";
import { canBeInUtf8 } from "./completions.ts";
import { lookAlikeTokens } from "./find-tokens.ts";
import { findUnreachable, type UnreachableReason } from "./find-unreachable.ts";
import { tokenClass } from "./token-class.ts";
import { type VocabularyEntry, vocabularyEntries } from "./vocabulary-entries.ts";

/**
 * What makes a token suspect of having been seen seldom or never in training.
 * `unreachable`: no text becomes it. `only-in-context`: its own text becomes other tokens. `unused`: reserved. `part-of-character`: its bytes are not whole
 * characters. `long`: among the longest thousandth of words. `identifier`: several words run together, as in names of programs and of their users.
 * `look-alike`: it looks like another token. `mixed-script`: letters of several scripts. `hidden`: characters that show nothing, are for private use, or are unassigned.
 */
export type GlitchSign =
  | "unreachable"
  | "only-in-context"
  | "unused"
  | "part-of-character"
  | "long"
  | "identifier"
  | "look-alike"
  | "mixed-script"
  | "hidden";

export interface GlitchCandidate extends VocabularyEntry {
  signs: GlitchSign[];
  /** The weights of the signs added up: 1 for what many sound tokens show, to 4 for `unreachable`. */
  suspicion: number;
}

const weight: Record<GlitchSign, number> = {
  unreachable: 4,
  hidden: 2,
  "mixed-script": 2,
  "look-alike": 2,
  identifier: 1,
  long: 1,
  unused: 1,
  "only-in-context": 1,
  "part-of-character": 1,
};

/**
 * Tokens that a model may know badly, the most suspect first; bytes that no text has are left out. The vocabulary alone cannot tell what a model saw: these are candidates, for a test with the model.
 * source  Land & Bartolo 2024, "Fishing for Magikarp: Automatically Detecting Under-trained Tokens in Large Language Models", arXiv 2405.05417, section 2
 */
export function findGlitches(tokenizer: Tokenizer): GlitchCandidate[] {
  const { unreachable, inContext } = findUnreachable(tokenizer);
  const never = new Set(unreachable.filter(({ reason }) => !isByNature.has(reason)).map(({ id }) => id));
  const inContextOnly = new Set(inContext.map(({ entry }) => entry.id));
  // A token all in one other script is a word of that script, whatever it looks like.
  const alike = new Set(lookAlikeTokens(tokenizer).flatMap(({ entry }) => (/^(latin|mixed)$/.test(tokenClass(entry.text)) ? [entry.id] : [])));
  const entries = vocabularyEntries(tokenizer);
  const long = longFrom(entries);
  const candidates = entries.flatMap((entry): GlitchCandidate[] => {
    if (entry.kind !== "text" && entry.kind !== "unused") return [];
    const { id, text, kind } = entry;
    if (text === undefined && !canBeInUtf8(entry.bytes)) return [];
    const signs: GlitchSign[] = [];
    if (never.has(id)) signs.push("unreachable");
    if (inContextOnly.has(id)) signs.push("only-in-context");
    if (kind === "unused") signs.push("unused");
    if (text === undefined) signs.push("part-of-character");
    else {
      if (isWord(text) && entry.bytes.length >= long) signs.push("long");
      if (runTogether.test(text)) signs.push("identifier");
      if (alike.has(id)) signs.push("look-alike");
      if (hidden.test(text)) signs.push("hidden");
      if (!/^[\x00-\x7f]*$/.test(text) && tokenClass(text) === "mixed") signs.push("mixed-script");
    }
    return signs.length === 0 ? [] : [{ ...entry, signs, suspicion: signs.reduce((sum, sign) => sum + weight[sign], 0) }];
  });
  return candidates.sort((a, b) => b.suspicion - a.suspicion || b.id - a.id);
}

/** Unreachable on purpose. */
const isByNature: ReadonlySet<UnreachableReason> = new Set(["special", "unused", "not-utf8"]);

/** `SolidGoldMagikarp`, `PostalCodesNL`, `externalActionCode`. */
const runTogether = /\p{Ll}\p{Lu}\p{Ll}*\p{Lu}|\p{Lu}\p{Ll}+\p{Lu}\p{Ll}+\p{Lu}|\p{Ll}{2}\d{3}$/u;
const hidden = /(?!\n|\t|\r|\u200c|\u200d|\ufe0f)[\p{C}\p{Default_Ignorable_Code_Point}]/u;
const isWord = (text: string): boolean => /\p{L}/u.test(text);

function longFrom(entries: readonly VocabularyEntry[]): number {
  const lengths = entries.filter(({ text }) => text !== undefined && isWord(text)).map(({ bytes }) => bytes.length);
  lengths.sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.999)] ?? Number.POSITIVE_INFINITY;
}
