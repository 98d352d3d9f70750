export type { TrainingTexts } from "./count-pieces.ts";
export type { RunOptions, TrainingProgress } from "./steps.ts";
export { writeTokenizerJson } from "./tokenizer-json.ts";
export { type BpeOptions, type TrainedBpe, trainBpe } from "./train-bpe.ts";
export type { TrainingOptions } from "./training-options.ts";
