import type { ScalarRange } from "../text/ranges.ts";
import { complementRanges } from "../text/ranges.ts";
import { classOfLetter, propertyRanges } from "./character-classes.ts";
import { regexUnsupported } from "./errors.ts";
import type { Reader } from "./reader.ts";

const controls: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };

/**
 * What an escape stands for, in a class and outside: one character, or a set of them. The backslash is read already.
 * More is taken than the u flag allows: any character but a letter or a digit stands for itself, as patterns in the wild write `\-` and `\_`.
 */
export const readEscape = (reader: Reader, inClass: boolean): number | readonly ScalarRange[] => {
  const position = reader.position - 1;
  if (reader.done) throw reader.invalid("a backslash ends it", position);
  const unicode = reader.match(/u\{([0-9a-fA-F]+)\}/y);
  if (unicode !== undefined) {
    const scalar = Number.parseInt(unicode[1] ?? "", 16);
    if (scalar > 0x10ffff) throw reader.invalid("there is no such code point", position);
    return scalar;
  }
  const pair = reader.match(/u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y);
  if (pair !== undefined) return String.fromCharCode(unit(pair[1]), unit(pair[2])).codePointAt(0) ?? 0;
  const code = reader.match(/u([0-9a-fA-F]{4})/y) ?? reader.match(/x([0-9a-fA-F]{2})/y);
  if (code !== undefined) return unit(code[1]);
  const control = reader.match(/c([A-Za-z])/y);
  if (control !== undefined) return (control[1] ?? "").charCodeAt(0) % 32;
  const property = reader.match(/([pP])\{([^}]*)\}/y);
  if (property !== undefined) return propertySet(reader, position, property[1] === "P", property[2] ?? "");
  if (reader.match(/0(?![0-9])/y) !== undefined) return 0;
  if (inClass && reader.takes("b")) return 0x08;
  const letter = String.fromCodePoint(reader.character());
  const own = controls[letter] ?? classOfLetter(letter);
  if (own !== undefined) return own;
  if (/[1-9]|k/.test(letter)) throw backReference(reader, position);
  if (/[AZz]/.test(letter))
    throw reader.invalid(`\\${letter} is an anchor of another language; in ECMA-262 it is ${letter === "A" ? "^" : "$"}`, position);
  if (/[0-9A-Za-z]/.test(letter)) throw reader.invalid(`there is no escape \\${letter}`, position);
  return letter.codePointAt(0) ?? 0;
};

const unit = (hex: string | undefined): number => Number.parseInt(hex ?? "", 16);

const propertySet = (reader: Reader, position: number, negated: boolean, name: string): readonly ScalarRange[] => {
  const ranges = propertyRanges(name);
  if (ranges === undefined) throw reader.invalid(`Unicode has no property ${JSON.stringify(name)}`, position);
  return negated ? complementRanges(ranges) : ranges;
};

const backReference = (reader: Reader, position: number): Error =>
  regexUnsupported(reader.pattern, position, "a back-reference depends on what was matched before", "Write the alternatives out.");
