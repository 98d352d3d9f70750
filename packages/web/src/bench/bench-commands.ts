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
