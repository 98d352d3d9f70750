import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type BpeOptions, type TrainedBpe, trainBpe } from "@cutaway/tokenizer/training";

/** A process of its own for one trainer: trains on a file several times, in one thread, and says what each took and what came out. */

export interface TrainTask {
  engine: "cutaway" | "@anush008/tokenizers";
  corpus: string;
  runs: number;
}

export interface TrainRun {
  /** CPU time of all threads, from the file's path to the trained vocabulary. ms */
  times: number[];
  tokens: number;
  /** Of all tokens with their ids: every merge makes the next token, so that the same vocabulary comes from the same merges. */
  hash: string;
}

type Train = (path: string) => Promise<() => Record<string, number>>;

const task = JSON.parse(process.argv[2] as string) as TrainTask;
const train: Train = task.engine === "cutaway" ? cutaway() : await huggingFace();
const times: number[] = [];
let vocabulary: Record<string, number> = {};
for (let run = 0; run < task.runs; run++) {
  const before = process.cpuUsage();
  const vocabularyOf = await train(task.corpus);
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000);
  vocabulary = vocabularyOf();
}
const byId = Object.entries(vocabulary).toSorted(([, a], [, b]) => a - b);
const hash = createHash("sha256").update(JSON.stringify(byId)).digest("hex").slice(0, 16);
process.stdout.write(JSON.stringify({ times, tokens: byId.length, hash } satisfies TrainRun));

/** Both: byte-level BPE, GPT-2's pattern, 30,000 tokens, an alphabet of the bytes that occur, no special tokens, every line a text of its own. */
function cutaway(): Train {
  const options: BpeOptions = { vocabSize: 30_000, pattern: "gpt2", initialAlphabet: [], lines: true };
  return async (path) => {
    const trained: TrainedBpe = await trainBpe([readFileSync(path, "utf8")], options);
    return () => (trained.json.model as { vocab: Record<string, number> }).vocab;
  };
}

async function huggingFace(): Promise<Train> {
  const peer = (await import("@anush008/tokenizers")) as unknown as typeof import("@anush008/tokenizers");
  const { Tokenizer } = (peer as { default?: typeof peer }).default ?? peer;
  const empty = {
    version: "1.0",
    added_tokens: [],
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: { type: "BPE", vocab: {}, merges: [] },
  };
  return async (path) => {
    const tokenizer = Tokenizer.fromString(JSON.stringify(empty));
    // The binding gives the model's default trainer: 30,000 tokens, no least frequency.
    tokenizer.train([path]);
    return () => tokenizer.getVocab();
  };
}
