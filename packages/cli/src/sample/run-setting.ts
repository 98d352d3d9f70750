import { type Call, CutawayError, decodeUtf8, type Request } from "@cutaway/core";
import { askedLanguage } from "@cutaway/grammar";
import type { LocalModel } from "@cutaway/runtime";
import { beamSearch } from "@cutaway/sampling";
import type { Store } from "@cutaway/store";
import { grammarOf } from "../constrain/counterfactual.ts";
import { runLocalCall } from "../local/run-local-call.ts";
import { figuresOf, meanLogprob, type Sampled, sampledOf } from "./sampled.ts";
import { type BeamSetting, type SampleSetting, withSetting } from "./settings.ts";

/** Tokens of an answer that nobody capped. */
const defaultCap = 128;

/** The answers of one setting; of a search and of the best of several, one. */
export async function runSetting(
  model: LocalModel,
  request: Request,
  setting: SampleSetting,
  store: Store | undefined,
  signal: AbortSignal,
): Promise<Sampled[]> {
  const changed = withSetting(request, setting);
  if (setting.search) return [await searched(model, changed, setting.name, setting.search, signal)];
  const { call } = await runLocalCall(model, changed, { ...(store && { store }) }, signal);
  throwFailure(call);
  const sampled = call.answers.map((answer) => sampledOf(setting.name, call, answer, store !== undefined));
  if (setting.bestOf === undefined) return sampled;
  const ranked = sampled.toSorted((a, b) => meanLogprob(b.steps) - meanLogprob(a.steps));
  const scored = (one: Sampled) => ({ text: one.text, score: meanLogprob(one.steps) });
  return ranked.slice(0, 1).map((best) => ({ ...best, score: meanLogprob(best.steps), others: ranked.slice(1).map(scored) }));
}

/** A beam search over the model itself, under the request's stages and language. Nothing is drawn, and nothing is stored. */
async function searched(model: LocalModel, request: Request, name: string, search: BeamSetting, signal: AbortSignal): Promise<Sampled> {
  const asked = askedLanguage(request);
  const constraint = asked && grammarOf(asked, model).start();
  const prompt = await promptOf(model, request, signal);
  const { parameters, local = {} } = request;
  const { maxOutputTokens, stop, topLogprobs: _t, n: _n, responseFormat: _r, ...sampling } = parameters;
  if (stop) throw new CutawayError("option-without-effect", `${name}: a search does not end at a stop text`, { fix: "Leave --stop out." });
  const stepper = await model.stepper();
  try {
    const ends = new Map(model.info.specials.ends.map(({ id, text }) => [id as number, text]));
    const logits = await stepper.feed(prompt);
    const found = await beamSearch(stepper, logits, {
      ...search,
      maxNewTokens: Math.min(maxOutputTokens ?? defaultCap, stepper.capacity - stepper.length),
      ends: new Set(ends.keys()),
      prompt,
      parameters: sampling,
      sampler: {
        ...(local.samplerOrder && { order: local.samplerOrder }),
        ...(local.samplerPreset !== undefined && { preset: local.samplerPreset }),
        ...(local.repetitionWindow !== undefined && { repetitionWindow: local.repetitionWindow }),
        ...(local.penaltyScope !== undefined && { penaltyScope: local.penaltyScope }),
      },
      ...(constraint && { constraint }),
      signal,
    });
    const textOf = (tokens: readonly number[]) =>
      decodeUtf8(model.tokenizer?.tokenizer.decodeBytes(tokens.filter((id) => !ends.has(id))) ?? new Uint8Array());
    const [best, ...others] = found.map(({ tokens, score, logprob }) => ({ tokens, score, logprob, text: textOf(tokens) }));
    if (!best) return { setting: name, text: "", tokens: 0, ending: "none found", steps: [] };
    return {
      setting: name,
      text: best.text,
      tokens: best.tokens.length,
      ending: ends.has(best.tokens.at(-1) ?? -1) ? "stop" : "output-cap",
      ...figuresOf([], best.text),
      perplexity: Math.exp(-best.logprob / best.tokens.length),
      score: best.score,
      others: others.map(({ text, score }) => ({ text, score })),
      steps: [],
    };
  } finally {
    stepper.close();
  }
}

/** The prompt as the model reads it: of a call that is ended before its first token. */
async function promptOf(model: LocalModel, request: Request, signal: AbortSignal): Promise<number[]> {
  const { temperature: _t, seed: _s, n: _n, ...parameters } = request.parameters;
  for await (const event of model.call({ ...request, parameters: { ...parameters, temperature: 0, maxOutputTokens: 1 } }, signal)) {
    if (event.type === "prompt-tokens") return event.tokens.map(({ id }) => id as number);
    if (event.type === "call-error") throwFailure({ error: event.error });
  }
  return [];
}

function throwFailure({ error }: Pick<Call, "error">): void {
  if (error) throw new CutawayError(error.code ?? "engine-failed", error.message, { kind: error.kind === "context-length" ? "usage" : "network" });
}
