import { applyEdits, type Edit, spansBefore } from "../edits.ts";
import type { Fields } from "../json/fields.ts";
import { readSplitStep } from "../json/read-pre-tokenizer.ts";
import type { SplitStep } from "../json/split.ts";
import type { TextStretch } from "../stretches.ts";
import type { Ranges } from "../text-splitter.ts";

/** What a step of pre-tokenization does: cuts the pieces further, or rewrites them. */
export type PreTokenStep = { kind: "split"; split: SplitStep } | { kind: "metaspace"; rules: MetaspaceRules };

export interface MetaspaceRules {
  /** What stands for a space: ▁. */
  replacement: string;
  /** Which pieces get one in front where they have none: every one, only that at the beginning of the text, none. */
  prepend: "always" | "first" | "never";
  /** Whether each word that begins with one is a piece. */
  split: boolean;
}

/** A step of a `pre_tokenizer`. */
export function readPreTokenStep(fields: Fields): PreTokenStep {
  return fields.string("type") === "Metaspace"
    ? { kind: "metaspace", rules: readMetaspace(fields) }
    : { kind: "split", split: readSplitStep(fields) };
}

export function readMetaspace(fields: Fields): MetaspaceRules {
  const replacement = fields.string("replacement");
  if ([...replacement].length !== 1) throw fields.wrong("replacement", "one character");
  const scheme = fields.has("prepend_scheme") ? fields.string("prepend_scheme") : "always";
  if (scheme !== "always" && scheme !== "first" && scheme !== "never") throw fields.wrong("prepend_scheme", "always, first or never");
  const prefix = fields.boolean("add_prefix_space", true);
  if (!prefix && fields.has("prepend_scheme") && scheme !== "never") throw fields.bad(`${fields.at("add_prefix_space")} and prepend_scheme disagree`);
  return { replacement, prepend: prefix ? scheme : "never", split: fields.boolean("split", true) };
}

/** A stretch's text and its pieces as ranges of UTF-16 units. */
export interface PreTokens {
  stretch: TextStretch;
  ranges: Ranges;
}

/**
 * Writes spaces as ▁ in each piece, puts one in front, and cuts the words apart.
 * source  huggingface/tokenizers, pre_tokenizers/metaspace.rs
 */
export function metaspace({ stretch, ranges }: PreTokens, { replacement, prepend, split }: MetaspaceRules): PreTokens {
  const { text } = stretch;
  const edits: Edit[] = [];
  const after: Ranges = [];
  let moved = 0;
  for (let index = 0; index < ranges.length; index += 2) {
    const start = ranges[index] as number;
    const end = ranges[index + 1] as number;
    const from = start + moved;
    const has = text.startsWith(replacement, start) || (text[start] === " " && replacement !== " ");
    const isFirst = prepend === "first" && stretch.origin({ start, end: start + 1 }).start === 0;
    const grown = replacement.length - 1;
    if (!has && (prepend === "always" || isFirst)) {
      edits.push({ start, end: start, text: replacement });
      moved += replacement.length;
    }
    for (let at = text.indexOf(" ", start); at >= 0 && at < end; at = text.indexOf(" ", at + 1)) {
      edits.push({ start: at, end: at + 1, text: replacement });
      moved += grown;
    }
    after.push(from, end + moved);
  }
  const written = edits.length === 0 ? text : applyEdits(text, edits);
  const before = spansBefore(edits);
  const origin: TextStretch["origin"] = edits.length === 0 ? stretch.origin : (span) => stretch.origin(before(span));
  const steps = edits.length === 0 ? stretch.steps : [...stretch.steps, { step: "Metaspace", text: written }];
  return { stretch: { text: written, origin, steps }, ranges: split ? wordsOf(written, after, replacement) : after };
}

function wordsOf(text: string, ranges: Ranges, replacement: string): Ranges {
  const words: Ranges = [];
  for (let index = 0; index < ranges.length; index += 2) {
    let start = ranges[index] as number;
    const end = ranges[index + 1] as number;
    for (let at = text.indexOf(replacement, start + 1); at >= 0 && at < end; at = text.indexOf(replacement, at + 1)) {
      if (at > start) words.push(start, at);
      start = at;
    }
    if (end > start) words.push(start, end);
  }
  return words;
}
