import type { OptionSpec } from "./command.ts";
import { commaList, decimalNumber, oneOf, someName, wholeNumber } from "./parse-option.ts";

/** What is asked of a local model: options of every command that generates. */
export const generationOptions: readonly OptionSpec[] = [
  {
    flags: "--model <name|path>",
    says: "a name that models list shows, or a model's file or folder (default smollm2-135m-instruct)",
    parse: someName("--model"),
  },
  { flags: "--exact", says: "in plain float32, slower (default: weights as the file has them, where that network runs the model)" },
  { flags: "--system <text>", says: "a system message before the prompt" },
  { flags: "--temperature <t>", says: "0 always takes the most probable token", parse: decimalNumber("--temperature") },
  { flags: "--top-k <k>", says: "keep the k most probable tokens", parse: wholeNumber("--top-k", 0) },
  { flags: "--top-p <p>", says: "keep the most probable tokens that together reach p", parse: decimalNumber("--top-p") },
  { flags: "--min-p <p>", says: "keep tokens at least p times as probable as the best", parse: decimalNumber("--min-p") },
  { flags: "--repetition-penalty <x>", says: "above 1: tokens that occurred become less probable", parse: decimalNumber("--repetition-penalty") },
  { flags: "--repetition-window <n>", says: "only the last n tokens count as having occurred", parse: wholeNumber("--repetition-window", 1) },
  { flags: "--sampler-order <stages>", says: "the stages that are set, in the order to run, e.g. top_p,temperature", parse: commaList },
  { flags: "--seed <n>", says: "the same seed gives the same tokens (default: drawn, and recorded)", parse: wholeNumber("--seed", 0) },
  { flags: "--max-tokens <n>", says: "the longest answer, in tokens", parse: wholeNumber("--max-tokens", 1) },
  { flags: "--stop <text>", says: "end the answer before this text; may be given more than once", repeatable: true },
  { flags: "--context-size <n>", says: "positions for prompt and answer together", parse: wholeNumber("--context-size", 16) },
  {
    flags: "--overflow <how>",
    says: "a prompt that does not fit: refuse (default), truncate-start, truncate-end",
    parse: oneOf("--overflow", ["refuse", "truncate-start", "truncate-end"]),
  },
  { flags: "--template <file>", says: "a Jinja chat template in place of the model's own", parse: someName("--template") },
  { flags: "--raw", says: "no chat template: the model goes on from the text as it is" },
  { flags: "--bos <when>", says: "begin with the BOS token: auto (default), always, never", parse: oneOf("--bos", ["auto", "always", "never"]) },
  { flags: "--prefill <text>", says: "the beginning of the answer; the model goes on from there" },
  { flags: "--parse-special", says: "read the names of special tokens in the prompt as these tokens" },
  { flags: "--top-logprobs <n>", says: "alternatives recorded for every token (default 10)", parse: wholeNumber("--top-logprobs", 0, 100) },
  { flags: "--threads <n>", says: "threads of the engine (default: one for every core)", parse: wholeNumber("--threads", 1, 256) },
];
