import { existsSync } from "node:fs";
import { CutawayError } from "@cutaway/core";
import type { Output } from "../output.ts";
import type { Session } from "../session.ts";
import { line } from "../terminal/line.ts";
import { readFileBytes, readStandardInput } from "./read-bytes.ts";

/** A text file, as it is. @throws `not-utf8` */
export const readText = (path: string, out: Output): string => textOf(readFileBytes(path, out), path);

/**
 * A prompt: the argument itself, the file that it names, or standard input for `-` and for a pipe with no argument.
 * The line break at the end of a file is the file's and not the prompt's.
 */
export async function readPrompt(argument: string | undefined, session: Session): Promise<string> {
  const prompt = await promptOf(argument, session);
  if (prompt === "" && !session.interrupted.aborted)
    throw new CutawayError("empty-prompt", "the prompt is empty", { fix: "Say what the model is asked." });
  return prompt;
}

async function promptOf(argument: string | undefined, session: Session): Promise<string> {
  if (argument === undefined && process.stdin.isTTY) {
    throw new CutawayError("no-prompt", "there is no prompt", { fix: "Give it as an argument, as a file, or on standard input." });
  }
  if (argument === undefined || argument === "-") {
    return withoutLastBreak(textOf(await readStandardInput(session.out, session.interrupted), "standard input"));
  }
  if (!existsSync(argument)) return argument;
  session.out.say(line(`the prompt is the file ${argument}`));
  return withoutLastBreak(readText(argument, session.out));
}

const withoutLastBreak = (text: string): string => text.replace(/\r?\n$/, "");

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new CutawayError("not-utf8", `${name} is not UTF-8 text`, { fix: "Convert it to UTF-8.", cause });
  }
}
