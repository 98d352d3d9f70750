import type { Tokenizer } from "@cutaway/core";
import type { RenderedPrompt } from "../chat-template.ts";
import { evidenceOf, quote, tail } from "./lints/lint.ts";
import { tokenAcross } from "./lints/split-words.ts";

export interface JoinLint {
  /** Which of the prompt's parts, and on which side of it. */
  part: number;
  side: "start" | "end";
  /** The token, and how it is divided between template and message. */
  before: string;
  after: string;
  says: string;
  fix: string;
  evidence: ReturnType<typeof evidenceOf>[];
}

/**
 * Tokens that lie across the border of a message and its template: a message that begins with a line break makes the template's own line break another token,
 * and the model sees a turn that begins as no turn in training did. Borders at special tokens are none: they are cut first.
 */
export function lintJoins(tokenizer: Tokenizer, { text, parts }: RenderedPrompt): JoinLint[] {
  const specials = [...tokenizer.specialTokens.keys()].filter((content) => content !== "");
  const endsInSpecial = (before: string) => specials.some((content) => before.endsWith(content));
  const startsWithSpecial = (after: string) => specials.some((content) => after.startsWith(content));
  return parts.flatMap(({ span }, part) =>
    (["start", "end"] as const).flatMap((side): JoinLint[] => {
      const at = side === "start" ? span.start : span.end;
      const [left, right] = [text.slice(Math.max(0, at - 64), at), text.slice(at, at + 64)];
      if (left === "" || right === "" || endsInSpecial(left) || startsWithSpecial(right)) return [];
      const across = tokenAcross(tokenizer, left, right);
      if (!across) return [];
      const own = side === "start" ? across.after : across.before;
      return [
        {
          part,
          side,
          ...across,
          says: `The message ${side === "start" ? "begins" : "ends"} with ${quote(own)}, which becomes one token with the template's ${quote(side === "start" ? across.before : across.after)}.`,
          fix: own.trim() === "" ? `Trim the message's ${side}.` : "Put a line break between them.",
          evidence: [evidenceOf(tokenizer, "as sent", tail(left, 8) + right.slice(0, 8)), evidenceOf(tokenizer, "template alone", tail(left, 8))],
        },
      ];
    }),
  );
}
