import type { ListedTokenizer } from "../api/tokenizers.ts";
import { shellQuote } from "../format/shell.ts";

/** What a person would type in the terminal for the same. A long text is a file there, saved from the bench under this name. */
export const savedName = "text.txt";
const longestInline = 240;

export const shortName = (tokenizer: string): string => tokenizer.replace(/^upload:[0-9a-f]{8}-/, "");

/** A tokenizer as a word of the shell: an uploaded file goes by the name it has where it came from, a local model by the path of its file. */
export function tokenizerWord(tokenizer: string, listed: readonly ListedTokenizer[]): string {
  if (listed.some(({ name, from }) => from === "model" && name === tokenizer)) {
    return `"$(npx cutaway models info ${shellQuote(tokenizer)} --json | jq -r .path)"`;
  }
  return shellQuote(tokenizer.startsWith("upload:") ? `./${shortName(tokenizer)}` : tokenizer);
}

/** more  further options, each a word or two */
export const tokensCommand = (verb: "show" | "trace" | "lint", word: string, text: string, more: readonly string[] = []): string =>
  [`npx cutaway tokens ${verb} --tokenizer ${word}`, textWord(text), ...more].join(" ");

/** Two tokenizers on one text. */
export const tokenizersDiffCommand = (first: string, second: string, text: string): string =>
  `npx cutaway tokens diff ${textWord(text)} --tokenizer ${first} --tokenizer ${second}`;

/** Two texts under one tokenizer. */
export const textsDiffCommand = (word: string, before: string, after: string): string => {
  const texts = isInline(before) && isInline(after) ? `${textWord(before)} ${textWord(after)}` : "before.txt after.txt";
  return `npx cutaway tokens diff ${texts} --tokenizer ${word}`;
};

/** terms  the name of the file they are in;  model  whose tokenizer it is, where it is priced */
export const auditCommand = (word: string, terms: string, model: string): string =>
  `npx cutaway tokens audit ${shellQuote(terms)} ${model === "" ? `--tokenizer ${word}` : `--model ${shellQuote(model)}`}`;

const textWord = (text: string): string => (isInline(text) ? `--text ${shellQuote(text)}` : savedName);

const isInline = (text: string): boolean => text !== "" && text.length <= longestInline && !/[\n\r\0]/.test(text) && text.isWellFormed();
