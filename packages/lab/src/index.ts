export { type ArmComparison, compareArms } from "./compare-arms.ts";
export { isSampled } from "./is-sampled.ts";
export { type Case, type ExperimentSpec, type Factor, type Level, type Plan, type PlannedCall, planExperiment } from "./plan-experiment.ts";
export { isSame, keyOf } from "./planned-key.ts";
export { priceAtMost } from "./price-at-most.ts";
export { type Limits, type Progress, type RunOptions, type RunResult, runExperiment } from "./run-experiment.ts";
