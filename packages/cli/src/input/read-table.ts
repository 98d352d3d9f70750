import { existsSync } from "node:fs";
import { CutawayError } from "@cutaway/core";
import { type RowFormat, rowFormatOf } from "@cutaway/tokenizer/reports";
import type { Session } from "../session.ts";
import { readFileBytes, readStandardInput } from "./read-bytes.ts";

/** A file of rows as text, or standard input for `-`, with its format: as told, else by the name. */
export async function readTable(file: string, format: RowFormat | undefined, session: Session): Promise<{ text: string; format: RowFormat }> {
  if (file !== "-" && !existsSync(file)) {
    throw new CutawayError("file-not-found", `${file}: no such file`, { fix: "Check the path, or give - for standard input.", data: { path: file } });
  }
  const bytes = file === "-" ? await readStandardInput(session.out, session.interrupted) : readFileBytes(file, session.out);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), format: format ?? rowFormatOf(file) };
  } catch (cause) {
    throw new CutawayError("not-utf8", `${file === "-" ? "standard input" : file} is not UTF-8 text`, {
      fix: "Convert it, e.g. with iconv -t utf-8.",
      cause,
    });
  }
}
