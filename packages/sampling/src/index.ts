export { breakerTokens } from "./breaker-tokens.ts";
export { type Candidate, type Choice, createSampler, processLogits, type Sampler } from "./create-sampler.ts";
export { type NumericParameter, nameOf, type ParameterRange, ranges, type SamplerParameter, type SamplerParameters } from "./parameters.ts";
export type { SamplerOptions } from "./plan-stages.ts";
export { defaultOrder, isPresetName, type Preset, type PresetName, presets } from "./presets.ts";
export { type ProviderParameter, type ProviderSemantics, providerSemantics } from "./provider-semantics.ts";
export { type Resampled, type ResampledStep, type ResampleOptions, resample } from "./resample.ts";
export type { StepInput } from "./run-stages.ts";
export {
  createSchedule,
  isSchedulable,
  parseSchedule,
  type SchedulableParameter,
  type Schedule,
  type ScheduleSpec,
  type ScheduleState,
  schedulable,
} from "./schedules.ts";
export type { StageName } from "./stage.ts";
export { type Beam, type BeamOptions, beamSearch } from "./strategies/beam-search.ts";
export { type BestOfOptions, bestOf, type DrawnAnswer } from "./strategies/best-of.ts";
export { type ContrastiveOptions, type ContrastiveStep, contrastiveSearch, type HiddenStepper } from "./strategies/contrastive-search.ts";
export { logSoftmax } from "./strategies/log-softmax.ts";
export { type DistributionView, type TokenView, type Waterfall, type WaterfallInput, waterfall } from "./waterfall.ts";
