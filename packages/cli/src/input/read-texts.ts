import { CutawayError } from "@cutaway/core";
import type { Session } from "../session.ts";
import { readPrompt } from "./read-text.ts";

/** Texts as arguments, or one a line of standard input for `-` and for a pipe with none; empty lines are none. @throws `no-text` */
export async function readTexts(args: readonly string[], session: Session): Promise<string[]> {
  const isPiped = args.length === 0 || (args.length === 1 && args[0] === "-");
  const texts = isPiped ? (await readPrompt(args[0], session)).split(/\r?\n/).filter((text) => text.trim() !== "") : [...args];
  if (texts.length > 0 || session.interrupted.aborted) return texts;
  throw new CutawayError("no-text", "there is no text", { fix: "Give texts as arguments, or one a line on standard input." });
}
