import { explanationToJson } from "@cutaway/diagnose";
import { defaultModel } from "@cutaway/runtime/models";
import { readPrompt } from "../input/read-text.ts";
import { createAnswerPrinter } from "../local/answer-printer.ts";
import { type EngineOptions, openModel } from "../local/open-model.ts";
import { type RequestOptions, requestOf } from "../local/request-of.ts";
import { runLocalCall } from "../local/run-local-call.ts";
import { renderGenerated } from "../render/generated.ts";
import type { Session } from "../session.ts";
import { line, strong } from "../terminal/line.ts";

export interface GenerateOptions extends RequestOptions, Pick<EngineOptions, "threads"> {
  model?: string;
  exact?: boolean;
  store: boolean;
}

export async function run([argument]: string[], options: GenerateOptions, session: Session): Promise<number> {
  const { out, interrupted } = session;
  const { model: named = defaultModel, threads, exact = false } = options;
  const prompt = await readPrompt(argument, session);
  const request = requestOf(named, prompt, options, session);
  const store = options.store ? await session.store() : undefined;
  const model = await openModel(named, { threads, contextSize: options.contextSize, ...(exact && { network: "open" }) }, session);
  try {
    if (interrupted.aborted) {
      out.say(line("interrupted: the model was not asked"));
      return 0;
    }
    const printer = out.json ? undefined : createAnswerPrinter(out);
    const explanation = await runLocalCall(model, request, { store, onEvent: (event) => printer?.push(event) }, interrupted);
    printer?.end();
    if (out.json) out.printJson(explanationToJson(explanation));
    else out.say(...renderGenerated(explanation, store !== undefined, out.width));
    if (interrupted.aborted) out.say(line(`interrupted: the answer so far is ${store ? "kept" : "above"}`));
    const { error } = explanation.call;
    if (!error) return 0;
    if (out.quiet && !out.json) out.complain(line(strong("cutaway: "), error.message));
    return error.kind === "context-length" || error.code === "bad-logits" ? 2 : 5;
  } finally {
    await model.close();
  }
}
