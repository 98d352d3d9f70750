import type { TrainingProgress } from "@cutaway/tokenizer/training";
import { count, bytes as size } from "../terminal/numbers.ts";

const words: Record<TrainingProgress["phase"], (progress: TrainingProgress) => string> = {
  count: ({ done }) => `${size(done)} read`,
  merge: ({ done, of }) => `${count(done)} of ${count(of ?? done)} tokens`,
  seed: ({ done }) => `${count(done)} substrings to begin with`,
  estimate: ({ done, of }) => (of === undefined ? `weighing ${count(done)} pieces` : `${count(done)} pieces left of ${count(of)}`),
};

/** How far a training is, with the rate of its present phase: `12,000 of 30,000 tokens, 41,000 a second`. */
export function progressWords(clock: () => number = Date.now): (progress: TrainingProgress) => string {
  let phase = "";
  let began = 0;
  let first = 0;
  return (progress) => {
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = clock();
      first = progress.done;
    }
    const said = words[progress.phase](progress);
    const seconds = (clock() - began) / 1000;
    const rate = (progress.done - first) / seconds;
    if (seconds < 0.2 || rate <= 0) return said;
    return `${said}, ${progress.phase === "count" ? `${size(Math.round(rate))}/s` : `${count(Math.round(rate))} a second`}`;
  };
}
