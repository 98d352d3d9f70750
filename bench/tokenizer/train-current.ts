import { spawnSync } from "node:child_process";
import type { TrainRun } from "./train-engine.ts";

const script = `
import hashlib, json, sys, time
import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
times = []
for _ in range(int(sys.argv[2])):
    before = time.process_time()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train([sys.argv[1]], trainers.BpeTrainer(vocab_size=30000, show_progress=False))
    times.append((time.process_time() - before) * 1000)
by_id = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
text = json.dumps(by_id, ensure_ascii=False, separators=(",", ":"))
print(json.dumps({"times": times, "tokens": len(by_id), "hash": hashlib.sha256(text.encode()).hexdigest()[:16], "version": tokenizers.__version__}))
`;

/** The same with Python's `tokenizers`, of a newer version than any npm package wraps, if PYTHON (or python3) has it; undefined if not. */
export function currentHuggingFace(corpus: string, runs: number): (TrainRun & { version: string }) | undefined {
  const run = spawnSync(process.env.PYTHON ?? "python3", ["-c", script, corpus, String(runs)], { encoding: "utf8", maxBuffer: 1 << 24 });
  return run.status === 0 ? (JSON.parse(run.stdout) as TrainRun & { version: string }) : undefined;
}
