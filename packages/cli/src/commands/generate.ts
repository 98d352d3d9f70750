import { type Explanation, plain } from "@cutaway/core";
import { explanationToJson } from "@cutaway/diagnose";
import { defaultModel } from "@cutaway/runtime/models";
import { readPrompt } from "../input/read-text.ts";
import { createAnswerPrinter } from "../local/answer-printer.ts";
import { asksContrast, type ContrastOptions, contrast } from "../local/contrast.ts";
import { healed } from "../local/healed.ts";
import { type EngineOptions, openModel } from "../local/open-model.ts";
import { type RequestOptions, refuseTwoInputs, requestOf } from "../local/request-of.ts";
import { runLocalCall } from "../local/run-local-call.ts";
import { renderGenerated } from "../render/generated.ts";
import type { Session } from "../session.ts";
import { line, strong } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";

export interface GenerateOptions extends RequestOptions, ContrastOptions, Pick<EngineOptions, "threads"> {
  model?: string;
  exact?: boolean;
  heal?: boolean;
  store: boolean;
}

export async function run(args: string[], options: GenerateOptions, session: Session): Promise<number> {
  const { out } = session;
  if (asksContrast(options)) return search(args, options, session);
  const { explanation, stored, code } = await generateCall(args, options, session);
  if (explanation) {
    if (out.json) out.printJson(explanationToJson(explanation));
    else out.say(...renderGenerated(explanation, stored, out.width));
    sayEnd(explanation, stored, session);
  }
  return code;
}

/** A contrastive search in place of a call: deterministic, and not stored. */
async function search([argument]: string[], options: GenerateOptions, session: Session): Promise<number> {
  const { out } = session;
  const { model: named = defaultModel } = options;
  const prompt = await readPrompt(argument, session);
  const found = await contrast(named, await requestOf(named, prompt, options, session), options, session);
  const { text, steps, alpha, k, ending } = found;
  if (out.json) {
    out.printJson(plain({ schema: "cutaway/contrastive", version: 1, model: named, ...found }) ?? null);
    return 0;
  }
  out.write(text.endsWith("\n") ? text : `${text}\n`);
  out.say(line(`contrastive search · alpha ${alpha}, ${k} candidates · ${counted(steps.length, "token")} · ${ending} · not stored`));
  return 0;
}

/** Asks the model, and writes the answer as it comes. Without an explanation where it was interrupted before it was asked. */
export async function generateCall(
  [argument]: string[],
  options: GenerateOptions,
  session: Session,
): Promise<{ explanation?: Explanation; stored: boolean; code: number }> {
  const { out, interrupted } = session;
  const { model: named = defaultModel, threads, exact = false } = options;
  refuseTwoInputs(argument, options);
  const prompt = await readPrompt(argument, session);
  const request = await requestOf(named, prompt, options, session);
  const store = options.store ? await session.store() : undefined;
  const model = await openModel(named, { threads, contextSize: options.contextSize, ...(exact && { network: "open" }) }, session);
  try {
    if (interrupted.aborted) {
      out.say(line("interrupted: the model was not asked"));
      return { stored: false, code: 0 };
    }
    const printer = out.json ? undefined : createAnswerPrinter(out);
    const explanation = await runLocalCall(
      model,
      options.heal ? await healed(model, request, session) : request,
      { store, onEvent: (event) => printer?.push(event) },
      interrupted,
    );
    printer?.end();
    const { error } = explanation.call;
    const isOurs = error?.kind === "context-length" || ["bad-logits", "no-token-fits", "nothing-allowed"].includes(error?.code ?? "");
    return { explanation, stored: store !== undefined, code: error ? (isOurs ? 2 : 5) : 0 };
  } finally {
    await model.close();
  }
}

/** What is to be said where the answer did not come to its end. */
export function sayEnd({ call: { error } }: Explanation, stored: boolean, { out, interrupted }: Session): void {
  if (interrupted.aborted) out.say(line(`interrupted: the answer so far is ${stored ? "kept" : "above"}`));
  if (error && out.quiet && !out.json) out.complain(line(strong("cutaway: "), error.message));
}
