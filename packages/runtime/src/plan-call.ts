import type { LocalRun, PromptToken, Request } from "@cutaway/core";
import { createSampler, type Sampler } from "@cutaway/sampling";
import { buildPrompt } from "./build-prompt.ts";
import { type FittedPrompt, fitPrompt } from "./fit-prompt.ts";
import type { Vocabulary } from "./ready-model.ts";
import { type Settings, settingsOf } from "./settings-of.ts";

/** All that is decided about a call before the model reads a token. */
export interface CallPlan {
  settings: Settings;
  sampler: Sampler;
  /** Absent where nothing is drawn. */
  seed?: number;
  /** Before anything was left out, prefill included. */
  promptTokens: number;
  /** What the model is to read, its last tokens the prefill; absent where the prompt does not fit. */
  reads?: { tokens: PromptToken[]; ids: Uint32Array; prefill: PromptToken[]; dropped: FittedPrompt["dropped"] };
  /** Positions that prompt and answer take at most. */
  positions: number;
  run: LocalRun;
}

/** @throws for a request that is wrong in itself: `unsupported-parameter`, `invalid-parameter`, `no-chat-template`, … */
export function planCall(request: Request, model: Vocabulary, { now, drawSeed }: { now: Date; drawSeed(): number }): CallPlan {
  const { info } = model;
  const { local = {}, parameters } = request;
  const settings = settingsOf(request, info);
  const { contextSize, maxOutputTokens } = settings;
  const sampler = createSampler(parameters, {
    ...(local.samplerOrder && { order: local.samplerOrder }),
    ...(local.repetitionWindow !== undefined && { repetitionWindow: local.repetitionWindow }),
  });
  const seed = sampler.greedy ? undefined : (settings.seed ?? drawSeed());
  const { tokens, prefill, template } = buildPrompt(request, model, now);
  const fitted = fitPrompt(tokens, contextSize - prefill.length, { overflow: local.overflow, maxOutputTokens });
  const reads = fitted && withPrefill(fitted, prefill);
  return {
    settings,
    sampler,
    ...(seed !== undefined && { seed }),
    promptTokens: tokens.length + prefill.length,
    ...(reads && { reads }),
    positions: Math.min(contextSize, (reads?.ids.length ?? 0) + (maxOutputTokens ?? contextSize)),
    run: {
      weights: info.weights,
      engine: info.engine,
      contextSize,
      trainedContext: info.trainedContext,
      template: { used: template, modelHasOne: info.template !== undefined },
      markers: info.markers,
      specials: info.specials,
      ...(reads?.dropped && { dropped: reads.dropped }),
      sampler: { order: sampler.order, greedy: sampler.greedy, ...(seed !== undefined && { seed }) },
    },
  };
}

function withPrefill(fitted: FittedPrompt, prefill: PromptToken[]): CallPlan["reads"] {
  const tokens = [...fitted.tokens, ...prefill];
  return { tokens, ids: Uint32Array.from(tokens, ({ id }) => id as number), prefill, dropped: fitted.dropped };
}
