import type { Edit } from "../edits.ts";
import { literal } from "../regex/dialect.ts";
import { findMatches } from "../regex/find-matches.ts";
import { translatePattern } from "../regex/translate-pattern.ts";
import { precompiledNormalizer } from "../sentencepiece/precompiled-normalizer.ts";
import type { NormalizationStep } from "../stretches.ts";
import { bertNormalizer } from "../wordpiece/bert-normalizer.ts";
import { readBertRules } from "../wordpiece/read-bert-rules.ts";
import type { Fields } from "./fields.ts";
import { normalizationForm } from "./normalization-form.ts";

/** A step of normalisation: what it changes in a text; it is called as the file calls it. */
export type Normalizer = NormalizationStep;

const maxDepth = 8;

/** The `normalizer` of a tokenizer.json, as steps in order. */
export function readNormalizer(fields: Fields, depth = 0): Normalizer[] {
  return readSteps(fields, depth).map((step) => (step.step === undefined ? Object.assign(step, { step: fields.string("type") }) : step));
}

function readSteps(fields: Fields, depth: number): Normalizer[] {
  const type = fields.string("type");
  switch (type) {
    case "Sequence":
      if (depth === maxDepth) throw fields.bad(`${fields.path} is nested more than ${maxDepth} deep`);
      return fields.objects("normalizers").flatMap((inner) => readNormalizer(inner, depth + 1));
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return [normalizationForm(type)];
    case "Nmt":
      return [
        replacing(/[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/gu, () => ""),
        replacing(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd\ud800-\udfff]/gu, () => " "),
      ];
    case "Lowercase":
      return [replacing(/[^\x00-\x40\x5b-\x7f]/gu, (character) => character.toLowerCase())];
    case "StripAccents":
      return [replacing(/\p{M}/gu, () => "")];
    case "Strip":
      return [strip(fields.boolean("strip_left"), fields.boolean("strip_right"))];
    case "Prepend": {
      const text = fields.string("prepend");
      return [(before) => (before === "" || text === "" ? [] : [{ start: 0, end: 0, text }])];
    }
    case "Replace": {
      const content = fields.string("content");
      return [replacing(patternOf(fields.object("pattern")), () => content)];
    }
    case "Precompiled":
      return [precompiledNormalizer(base64(fields, "precompiled_charsmap"), fields.file)];
    case "BertNormalizer":
      return bertNormalizer(readBertRules(fields));
    default:
      throw fields.unsupported(`the normalizer ${type}`);
  }
}

function base64(fields: Fields, name: string): Uint8Array {
  try {
    return Uint8Array.from(atob(fields.string(name)), (character) => character.charCodeAt(0));
  } catch {
    throw fields.wrong(name, "base64");
  }
}

/** A `pattern`: `{"Regex": …}`, or `{"String": …}` taken literally. */
export function patternOf(fields: Fields): RegExp {
  if (fields.has("Regex")) return translatePattern(fields.string("Regex"), "oniguruma");
  return literally(fields.string("String"));
}

/** Finds a string as it stands; the empty one nowhere. */
export const literally = (text: string): RegExp => new RegExp(text === "" ? "(?!)" : [...text].map(literal).join(""), "gv");

function replacing(expression: RegExp, replacement: (match: string) => string): Normalizer {
  return (text) => {
    const edits: Edit[] = [];
    for (const { start, end } of findMatches(expression, text)) {
      const before = text.slice(start, end);
      const after = replacement(before);
      if (after !== before) edits.push({ start, end, text: after });
    }
    return edits;
  };
}

function strip(left: boolean, right: boolean): Normalizer {
  const isSpace = /\p{White_Space}/u;
  return (text) => {
    let start = 0;
    let end = text.length;
    while (left && start < end && isSpace.test(text[start] as string)) start++;
    while (right && end > start && isSpace.test(text[end - 1] as string)) end--;
    const edits = [
      { start: 0, end: start, text: "" },
      { start: end, end: text.length, text: "" },
    ];
    return edits.filter((edit) => edit.end > edit.start);
  };
}
