export type { TrainingTexts } from "./count-pieces.ts";
export type { RunOptions, TrainingProgress } from "./steps.ts";
export { type SweepOptions, type SweepRow, sweepVocabSizes } from "./sweep-vocab-sizes.ts";
export { writeTokenizerJson } from "./tokenizer-json.ts";
export { type BpeOptions, leastBpeVocabSize, type TrainedBpe, trainBpe } from "./train-bpe.ts";
export { trainUnigram, type UnigramOptions } from "./train-unigram.ts";
export { trainWordPiece, type WordPieceOptions } from "./train-wordpiece.ts";
export type { TrainedTokenizer } from "./trained-tokenizer.ts";
export type { TrainingOptions } from "./training-options.ts";
