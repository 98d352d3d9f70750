import { structuredOutputTargets } from "@cutaway/provider";
import type { CommandSpec } from "./command.ts";
import { generationOptions } from "./generation-options.ts";
import { heldAnswerOptions } from "./language-options.ts";
import { oneOf, wholeNumber } from "./parse-option.ts";

/** Holding answers to a language, and seeing what that does; part of the list in `commands.ts`. */
export const constrainCommand: CommandSpec = {
  name: "constrain",
  args: "[prompt]",
  summary: "hold an answer to a schema, pattern or grammar, and see what it cost",
  details:
    "Without a prompt: says what of the schema, pattern or grammar the mask holds; with --text, where a text breaks it (exit code 100); with --explain, why a token cannot come after that text. With a prompt: the model answers, and of each token you see how much probability the mask left, what it took out, and why. With --call: the same of a stored call.",
  options: [
    ...heldAnswerOptions,
    { flags: "--text <text|file>", says: "check this text; - reads standard input" },
    { flags: "--explain <token>", says: "why this token can or cannot come after --text (default: at the beginning)" },
    { flags: "--tokenizer <name|path>", says: "with --explain: whose token it is (default o200k_base)" },
    {
      flags: "--for <provider>",
      says: "how this provider is asked for it, and what becomes of it there: openai-chat, openai-responses, anthropic-messages, gemini, vllm, llama.cpp, ollama",
      parse: oneOf("--for", structuredOutputTargets),
    },
    { flags: "--call <id>", says: "look at a stored call: its id, the start of one, latest, latest~1" },
    { flags: "--answer <n>", says: "which of several answers to look at (default 0)", parse: wholeNumber("--answer", 0) },
    { flags: "--step <n>", says: "every masked alternative of this token of the answer", parse: wholeNumber("--step", 0) },
    {
      flags: "--without <place>",
      says: "with --call: the mass that comes back without this keyword of the schema, e.g. '/properties/name maxLength'; the model reads the answer again",
    },
    ...generationOptions,
    { flags: "--no-store", says: "do not keep the call" },
  ],
  examples: [
    ["cutaway constrain --schema person.json", "what of a schema is held, keyword by keyword"],
    ["cutaway constrain --schema person.json --text answer.json", "where an answer breaks it, and what could stand there"],
    ["cutaway constrain --regex '\\d{4}-\\d{2}' --text 2024 --explain ' May'", "why a token cannot come"],
    ["cutaway constrain 'Name a city.' --schema city.json --temperature 0", "answer, and what the mask did to each token"],
    ["cutaway constrain --call latest --step 12", "one token of a stored call"],
  ],
  load: () => import("./commands/constrain.ts"),
};
