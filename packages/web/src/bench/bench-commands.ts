import { shellQuote } from "../format/shell.ts";

/** What a person would type in the terminal for the same. A long text is a file there, saved from the bench under this name. */
export const savedName = "text.txt";
const longestInline = 240;

export function tokensCommand(verb: "show" | "trace", tokenizer: string, text: string, more: readonly string[] = []): string {
  return ["npx cutaway tokens", verb, "--tokenizer", shellQuote(commandName(tokenizer)), ...textArguments(text), ...more].join(" ");
}

export const isInline = (text: string): boolean => text !== "" && text.length <= longestInline && !/[\n\r\0]/.test(text) && text.isWellFormed();

export const textArguments = (text: string): string[] => (isInline(text) ? [`--text ${shellQuote(text)}`] : [savedName]);

/** An uploaded file goes by the name it has where it came from. */
export const commandName = (tokenizer: string): string => tokenizer.replace(/^upload:[0-9a-f]{8}-/, "./");

export const shortName = (tokenizer: string): string => tokenizer.replace(/^upload:[0-9a-f]{8}-/, "");

/** `tokens diff` takes two files; a text on one line can be given as it is to the shell. */
export function diffCommand(tokenizer: string, before: string, after: string): string {
  const file = (text: string, name: string) => (isInline(text) ? `<(printf %s ${shellQuote(text)})` : name);
  return `npx cutaway tokens diff ${file(before, "before.txt")} ${file(after, "after.txt")} --tokenizer ${shellQuote(commandName(tokenizer))}`;
}

/** terms  the name of the file they are in;  model  whose tokenizer it is, where it is priced */
export const auditCommand = (tokenizer: string, terms: string, model: string): string =>
  `npx cutaway tokens audit ${shellQuote(terms)} ${model === "" ? `--tokenizer ${shellQuote(commandName(tokenizer))}` : `--model ${shellQuote(model)}`}`;
