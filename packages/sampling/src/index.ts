export { type Candidate, type Choice, createSampler, processLogits, type Sampler } from "./create-sampler.ts";
export type { SamplerParameters } from "./parameters.ts";
export { defaultOrder, type SamplerOptions } from "./plan-stages.ts";
export type { StageName } from "./stage.ts";
