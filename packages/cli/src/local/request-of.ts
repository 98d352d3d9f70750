import { CutawayError, type LocalOptions, type Parameters, type Request } from "@cutaway/core";
import { localRequest } from "@cutaway/runtime";
import { readText } from "../input/read-text.ts";
import type { Session } from "../session.ts";
import { given } from "./given.ts";
import { type LanguageOptions, languageOf, readsStandardInput } from "./language-of.ts";
import { type ChoiceOptions, choiceOf } from "./sampler-options.ts";

/** The options of `generate` that say what is asked of the model. */
export interface RequestOptions extends LanguageOptions, ChoiceOptions {
  system?: string;
  maxTokens?: number;
  stop?: string[];
  topLogprobs?: number;
  contextSize?: number;
  overflow?: LocalOptions["overflow"];
  template?: string;
  raw?: boolean;
  bos?: LocalOptions["bos"];
  prefill?: string;
  parseSpecial?: boolean;
}

/** The request, checked as far as it can be before a model is loaded: that takes seconds. @throws what the sampler refuses */
export async function requestOf(model: string, prompt: string, options: RequestOptions, session: Session): Promise<Request> {
  const { responseFormat, constraint } = await languageOf(options, session);
  const { maxTokens, stop, topLogprobs, contextSize, overflow, bos, prefill } = options;
  const choice = choiceOf(options, { grammar: responseFormat !== undefined || constraint !== undefined });
  const parameters: Parameters = { ...choice.parameters, ...given({ maxOutputTokens: maxTokens, stop, topLogprobs, responseFormat }) };
  const local: LocalOptions = {
    ...choice.local,
    ...given({
      template: options.template === undefined ? undefined : readText(options.template, session.out),
      raw: options.raw || undefined,
      parseSpecial: options.parseSpecial || undefined,
      contextSize,
      overflow,
      bos,
      prefill,
      constraint,
    }),
  };
  if (local.raw && local.template !== undefined) {
    throw new CutawayError("option-without-effect", "--raw uses no template, and --template names one", { fix: "Leave one of them out." });
  }
  const system = options.system === undefined ? [] : [{ role: "system" as const, text: options.system }];
  return localRequest({ model, messages: [...system, { role: "user", text: prompt }], parameters, local });
}

/** Standard input is one thing: the prompt, or a schema or grammar. @throws `two-inputs` */
export function refuseTwoInputs(argument: string | undefined, options: LanguageOptions): void {
  if (!readsStandardInput(options) || (argument !== undefined && argument !== "-")) return;
  throw new CutawayError("two-inputs", "standard input would be the prompt and the schema or grammar", {
    fix: "Give the prompt as an argument or as a file.",
  });
}
