import { CutawayError, type LocalRun, type PromptToken, type Request } from "@cutaway/core";
import { askedLanguage } from "@cutaway/grammar";
import { createSampler, type Sampler } from "@cutaway/sampling";
import { buildPrompt } from "./build-prompt.ts";
import { type Begun, beginWith } from "./constraint/held-answer.ts";
import { readyLanguage } from "./constraint/make-ready.ts";
import type { ReadyLanguage } from "./constraint/ready-language.ts";
import { dryBreakersOf } from "./dry-breakers.ts";
import { type FittedPrompt, fitPrompt } from "./fit-prompt.ts";
import type { Vocabulary } from "./ready-model.ts";
import { type Settings, settingsOf } from "./settings-of.ts";

/** All that is decided about a call before the model reads a token. */
export interface CallPlan {
  settings: Settings;
  sampler: Sampler;
  /** What the answers are held to, and where they begin in it. */
  held?: { language: ReadyLanguage; begun: Begun };
  /** Absent where nothing is drawn. */
  seed?: number;
  /** Before anything was left out, prefill included. */
  promptTokens: number;
  /** Absent where the prompt does not fit. */
  reads?: PlannedReading;
  /** Positions that prompt and answer take at most. */
  positions: number;
  run: LocalRun;
}

export interface PlannedReading {
  /** The prompt, its last tokens the prefill. */
  tokens: PromptToken[];
  /** What is read first: all of them; of an encoder–decoder those for the encoder. */
  ids: Uint32Array;
  prefill: PromptToken[];
  /** What an encoder–decoder's decoder begins with: its start token and the prefill. */
  begun?: number[];
  dropped: FittedPrompt["dropped"];
}

/** @throws for a request that is wrong in itself: `unsupported-parameter`, `invalid-parameter`, `no-chat-template`, … */
export function planCall(request: Request, model: Vocabulary, { now, drawSeed }: { now: Date; drawSeed(): number }): CallPlan {
  const { info } = model;
  const { local = {}, parameters } = request;
  const settings = settingsOf(request, info);
  const { contextSize, maxOutputTokens } = settings;
  const asked = askedLanguage(request);
  const dryBreakers = dryBreakersOf(parameters, model);
  const sampler = createSampler(parameters, {
    grammar: asked !== undefined,
    ...(local.samplerOrder && { order: local.samplerOrder }),
    ...(local.repetitionWindow !== undefined && { repetitionWindow: local.repetitionWindow }),
    ...(local.samplerPreset !== undefined && { preset: local.samplerPreset }),
    ...(local.penaltyScope !== undefined && { penaltyScope: local.penaltyScope }),
    ...(local.schedules && { schedules: local.schedules }),
    ...(dryBreakers && { dryBreakers }),
  });
  refuseSameAnswers(settings.answers, sampler);
  const language = asked && readyLanguage(asked, model);
  const seed = sampler.greedy ? undefined : (settings.seed ?? drawSeed());
  const { tokens, prefill, template } = buildPrompt(request, model, now);
  const held = language && { language, begun: beginWith(language, prefill) };
  const fitted = fitPrompt(tokens, contextSize - prefill.length, { overflow: local.overflow, maxOutputTokens });
  const reads = fitted && planReading(fitted, prefill, info.decoderStart?.id);
  const before = reads?.begun?.length ?? reads?.ids.length ?? 0;
  return {
    settings,
    sampler,
    ...(seed !== undefined && { seed }),
    ...(held && { held }),
    promptTokens: tokens.length + prefill.length,
    ...(reads && { reads }),
    positions: Math.min(contextSize, before + (maxOutputTokens ?? contextSize)),
    run: {
      weights: info.weights,
      engine: info.engine,
      contextSize,
      trainedContext: info.trainedContext,
      template: { used: template, modelHasOne: info.template !== undefined },
      markers: info.markers,
      specials: info.specials,
      ...(info.decoderStart && { decoderStart: info.decoderStart }),
      ...(reads?.dropped && { dropped: reads.dropped }),
      ...(language && { constraint: language.run }),
      sampler: { order: sampler.order, greedy: sampler.greedy, ...(seed !== undefined && { seed }) },
    },
  };
}

function planReading({ tokens, dropped }: FittedPrompt, prefill: PromptToken[], decoderStart: number | undefined): PlannedReading {
  const idsOf = (list: readonly PromptToken[]) => Uint32Array.from(list, ({ id }) => id as number);
  const all = [...tokens, ...prefill];
  if (decoderStart === undefined) return { tokens: all, ids: idsOf(all), prefill, dropped };
  return { tokens: all, ids: idsOf(tokens), prefill, begun: [decoderStart, ...idsOf(prefill)], dropped };
}

function refuseSameAnswers(answers: number, { greedy }: Sampler): void {
  if (answers === 1 || !greedy) return;
  throw new CutawayError("unsupported-parameter", `n: ${answers} answers that are never drawn would all be the same`, {
    fix: "Leave n out, or raise the temperature.",
    data: { parameters: ["n"] },
  });
}
