import type { TextCheck, Violation } from "@cutaway/grammar";
import { excerpt } from "../render/excerpt.ts";
import { placesText } from "../render/held.ts";
import { indented } from "../render/section.ts";
import { dim, good, type Line, line, piece } from "../terminal/line.ts";
import { wrap } from "../terminal/wrap.ts";

/**
 * What a schema says of a finished JSON text, in whatever order and spacing it was written: for answers of models that nobody held.
 * check  how far it is one that the mask would have written
 */
export function renderValue(violations: readonly Violation[], check: TextCheck, width: number): Line[] {
  if (violations.length === 0) {
    if (check.is === "whole") return [line(good("✓"), " The text is valid under the schema.")];
    const where = check.is === "broken" ? `; it would have left it at byte ${check.at}, where ${check.expected} could stand` : "";
    return wrap(
      line(good("✓"), ` The text is valid under the schema, in an order or spacing that the mask would not have written${where}.`),
      width,
      2,
    );
  }
  return [
    line(
      piece("✗", "problem"),
      ` The text is JSON, and breaks the schema ${violations.length === 1 ? "in one place" : `in ${violations.length} places`}.`,
    ),
    ...violations.flatMap(({ at, says, pointer, keyword }) =>
      wrap(line(`  ${at || "the whole"}: ${says}`, dim(`  by ${pointer || "/"} ${keyword}`)), width, 4),
    ),
  ];
}

/** Whether a text is of the language; if not, where it leaves it and what could have stood there. */
export function renderCheck(check: TextCheck, text: string, width: number): Line[] {
  if (check.is === "whole") return [line(good("✓"), " The text is a whole one of the language.")];
  const by = placesText(check.places);
  const asked = by === "" ? [] : [line(dim(`  by ${by}`))];
  if (check.is === "beginning")
    return [...wrap(line(piece("✗", "problem"), ` The text ends too early: ${check.expected} has to come.`), width, 2), ...asked];
  const { at, before, found, expected, within } = check;
  const inside = placesText(within);
  return [
    ...wrap(line(piece("✗", "problem"), ` The text breaks at byte ${at}: ${shown(found)} cannot stand there; ${expected} could.`), width, 2),
    ...(inside === "" || inside === by ? [] : [line(dim(`  inside ${inside}`))]),
    ...asked,
    ...indented(excerpt(text, before.length, before.length + found.length, width - 2), 2),
  ];
}

const shown = (character: string): string => `“${character}”`;
