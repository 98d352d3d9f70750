import { existsSync } from "node:fs";
import { CutawayError, type Tokenizer } from "@cutaway/core";
import { readFileBytes, readStandardInput } from "../input/read-bytes.ts";
import type { Session } from "../session.ts";

export interface TokensOptions {
  tokenizer?: string;
  model?: string;
  text?: string;
}

export interface ChosenTokenizer {
  tokenizer: Tokenizer;
  /** False where the model's own tokenizer is not published and another stands in: counts are estimates then. */
  exact: boolean;
  model?: string;
}

/** The tokenizer that the options name: by its name or file, or through a model; o200k_base where nothing is said. */
export async function chooseTokenizer({ tokenizer, model }: TokensOptions): Promise<ChosenTokenizer> {
  if (tokenizer !== undefined && model !== undefined) {
    throw new CutawayError("usage", "--tokenizer and --model both choose the tokenizer", { fix: "Give one of them." });
  }
  const { loadTokenizer } = await import("@cutaway/tokenizer/named");
  if (model === undefined) return { tokenizer: await loadTokenizer(tokenizer ?? "o200k_base"), exact: true };
  const { catalog } = await import("@cutaway/plan");
  const entry = catalog.find(model);
  if (!entry?.tokenizer) {
    const what = entry ? "no tokenizer is known for" : "the catalog does not know";
    throw new CutawayError("unknown-model", `${what} the model ${model}`, { fix: "Name the tokenizer with --tokenizer." });
  }
  return { tokenizer: await loadTokenizer(entry.tokenizer.name), exact: entry.tokenizer.exact, model: entry.model };
}

/** The text to count: `--text`, a file, or standard input. Bytes that are no UTF-8 are refused: their tokens would be those of another text. */
export async function textToCount(file: string | undefined, { text }: TokensOptions, session: Session): Promise<string> {
  if (text !== undefined && file !== undefined) throw new CutawayError("usage", "a file and --text are both given", { fix: "Give one of them." });
  if (text !== undefined) return text;
  if (file === undefined) throw new CutawayError("usage", "no text to count", { fix: "Name a file, - for standard input, or give --text." });
  if (file !== "-" && !existsSync(file)) {
    throw new CutawayError("file-not-found", `${file}: no such file`, {
      fix: `To count these words themselves, give --text "…"; otherwise check the path.`,
      data: { path: file },
    });
  }
  const bytes = file === "-" ? await readStandardInput(session.out, session.interrupted) : readFileBytes(file, session.out);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CutawayError("not-utf8", `${file === "-" ? "standard input" : file} is not UTF-8 text`, {
      fix: "Convert it, e.g. with iconv -t utf-8.",
      cause,
    });
  }
}
