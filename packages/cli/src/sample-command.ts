import type { CommandSpec } from "./command.ts";
import { generationOptions } from "./generation-options.ts";
import { heldAnswerOptions } from "./language-options.ts";
import { oneOf, wholeNumber } from "./parse-option.ts";

/** Sampling settings side by side; part of the list in `commands.ts`. */
export const sampleCommand: CommandSpec = {
  name: "sample",
  args: "[prompt]",
  summary: "put sampling settings side by side: answers, figures, what each stage did",
  details:
    "A setting is a list of parameters as --set of replay takes them, or beams=N (a beam search; with it length_penalty, early_stopping, groups, diversity_penalty), or best_of=N (so many draws, the most probable kept). Other options hold for all settings. With --call a stored answer is sampled again from its recorded alternatives alone, and where these cannot tell, it says so.",
  options: [
    {
      flags: "--with <settings>",
      says: "a setting, e.g. temperature=0.7,top_p=0.9 or sampler_preset=llama.cpp; may be given more than once",
      repeatable: true,
    },
    {
      flags: "--vary <name=values>",
      says: "settings of all combinations, e.g. temperature=0,0.7,1.2; may be given more than once",
      repeatable: true,
    },
    { flags: "--step <n>", says: "this token as a waterfall: what each stage left and took out", parse: wholeNumber("--step", 0) },
    {
      flags: "--for <provider>",
      says: "how this provider reads the parameters that are given, its fields and their ranges: openai-chat, openai-responses, anthropic-messages, gemini",
      parse: oneOf("--for", ["openai-chat", "openai-responses", "anthropic-messages", "gemini"]),
    },
    { flags: "--call <id>", says: "sample a stored call again: its id, the start of one, latest, latest~1" },
    { flags: "--answer <n>", says: "with --call: which of several answers (default 0)", parse: wholeNumber("--answer", 0) },
    ...generationOptions,
    ...heldAnswerOptions,
    { flags: "--no-store", says: "do not keep the calls" },
  ],
  examples: [
    ["cutaway sample 'Name a colour.' --vary temperature=0,0.7,1.5 --seed 1 --max-tokens 20", "a range of temperatures"],
    ["cutaway sample 'Name a colour.' --with temperature=0 --with beams=4 --with best_of=8,temperature=1", "greedy, a search, the best of eight"],
    ["cutaway sample --for anthropic-messages --temperature 1.2 --top-k 40 --min-p 0.05", "what of this Anthropic's API takes, and how it reads it"],
    ["cutaway sample --call latest --vary temperature=0,0.5,1 --step 3", "would the stored answer have come out otherwise?"],
  ],
  load: () => import("./commands/sample.ts"),
};
