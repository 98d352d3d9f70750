import type { TextCheck } from "@cutaway/grammar";
import { excerpt } from "../render/excerpt.ts";
import { placesText } from "../render/held.ts";
import { indented } from "../render/section.ts";
import { dim, good, type Line, line, piece } from "../terminal/line.ts";
import { wrap } from "../terminal/wrap.ts";

/** Whether a text is of the language; if not, where it leaves it and what could have stood there. */
export function renderCheck(check: TextCheck, text: string, width: number): Line[] {
  if (check.is === "whole") return [line(good("✓"), " The text is a whole one of the language.")];
  const by = placesText(check.places);
  const asked = by === "" ? [] : [line(dim(`  by ${by}`))];
  if (check.is === "beginning")
    return [...wrap(line(piece("✗", "problem"), ` The text ends too early: ${check.expected} has to come.`), width, 2), ...asked];
  const { at, before, found, expected } = check;
  return [
    ...wrap(line(piece("✗", "problem"), ` The text breaks at byte ${at}: ${shown(found)} cannot stand there; ${expected} could.`), width, 2),
    ...asked,
    ...indented(excerpt(text, before.length, before.length + found.length, width - 2), 2),
  ];
}

const shown = (character: string): string => `“${character}”`;
