import { type Answer, type Call, CutawayError } from "@cutaway/core";
import { afterMask, grammarStage } from "@cutaway/metrics";
import { type Resampled, type ResampleOptions, resample } from "@cutaway/sampling";
import type { SampleSetting } from "./settings.ts";

/** A stored answer under another setting, from its recorded alternatives alone. */
export interface ResampledAnswer extends Resampled {
  setting: string;
}

/** @throws `not-from-alternatives`, `bad-option`, and what the sampler refuses */
export function resampledAnswer(call: Call, answer: Answer, { name, changes, search, bestOf }: SampleSetting): ResampledAnswer {
  if (search !== undefined || bestOf !== undefined)
    throw new CutawayError("option-without-effect", `${name}: a search needs the model, not a stored answer`, {
      fix: "Give a prompt in place of --call.",
    });
  const { parameters = {}, local = {} } = call.request ?? {};
  const { topLogprobs: _t, maxOutputTokens: _m, stop: _s, n: _n, responseFormat: _r, ...sampling } = parameters;
  const given = Object.fromEntries(Object.entries({ ...sampling, ...changes.parameters }).filter(([, value]) => value !== undefined));
  const changed = { ...local, ...changes.local };
  const isGreedy = given.temperature === 0 || given.topK === 1;
  const seed = call.local?.sampler.seed;
  const options: ResampleOptions = {
    ...(changed.samplerOrder && { order: changed.samplerOrder.filter((stage) => stage !== grammarStage) }),
    ...(changed.samplerPreset !== undefined && { preset: changed.samplerPreset }),
    ...(changed.repetitionWindow !== undefined && { repetitionWindow: changed.repetitionWindow }),
    ...(changed.penaltyScope !== undefined && { penaltyScope: changed.penaltyScope }),
    ...(!isGreedy && given.seed === undefined && seed !== undefined && { seed }),
  };
  if (isGreedy) delete given.seed;
  return { setting: name, ...resample((answer.steps ?? []).map(afterMask), given, options) };
}
