import { decomposed } from "./lints/decomposed.ts";
import { fewShotEnding, fewShotSeparator } from "./lints/few-shot.ts";
import { invisible } from "./lints/invisible.ts";
import { lineEnds } from "./lints/line-ends.ts";
import type { Lint, LintInput } from "./lints/lint.ts";
import { lookAlike } from "./lints/look-alike.ts";
import { mojibake } from "./lints/mojibake.ts";
import { mixedIndent, oddSpace } from "./lints/spaces.ts";
import { cutWord, splitAtAnswer, splitAtJoin } from "./lints/split-words.ts";
import { trailingSpace } from "./lints/trailing-space.ts";

const lints = [
  trailingSpace,
  splitAtAnswer,
  splitAtJoin,
  cutWord,
  fewShotSeparator,
  fewShotEnding,
  lineEnds,
  decomposed,
  invisible,
  lookAlike,
  oddSpace,
  mixedIndent,
  mojibake,
];

/** Places in a prompt where what is written and what the tokenizer makes of it part: at its end, at its joints, in its examples, in single characters. In order of the texts. */
export function lintBoundaries(input: LintInput): Lint[] {
  return lints.flatMap((lint) => lint(input)).sort((a, b) => a.text - b.text || a.span.start - b.span.start);
}
