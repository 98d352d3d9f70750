import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peerVersion, spread } from "../measure.ts";
import type { BenchResult } from "../run.ts";
import { hashOf } from "./corpora.ts";
import { inProcess } from "./in-process.ts";
import { currentHuggingFace } from "./train-current.ts";
import type { TrainRun, TrainTask } from "./train-engine.ts";
import { trainingCorpus } from "./training-corpus.ts";

const rounds = 3;
const runs = 4;
const median = (times: number[]) => spread(times).median;

/**
 * Training a byte-level BPE of 30,000 tokens on 7 MB, against Hugging Face's trainer in Rust: CPU time with reading and counting, one thread each, in turns.
 * `train_vs_hf_rust` compares medians of all runs with the fastest of the peers that are here. `detail` has each process's first run apart.
 */
export default async function trainVsHfRust(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-bench-"));
  try {
    const corpus = trainingCorpus();
    const path = join(folder, "corpus.txt");
    writeFileSync(path, corpus);
    process.env.RAYON_NUM_THREADS = "1";
    process.env.TOKENIZERS_PARALLELISM = "false";
    const ours: TrainRun[] = [];
    const npm: TrainRun[] = [];
    const current: (TrainRun & { version: string })[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(inProcess<TrainRun>("train-engine.ts", { engine: "cutaway", corpus: path, runs } satisfies TrainTask));
      npm.push(inProcess<TrainRun>("train-engine.ts", { engine: "@anush008/tokenizers", corpus: path, runs } satisfies TrainTask));
      const python = currentHuggingFace(path, runs);
      if (python) current.push(python);
    }
    const all = [...ours, ...npm, ...current];
    if (new Set(all.map(({ hash }) => hash)).size !== 1) throw new Error(`training: vocabularies differ: ${all.map(({ hash }) => hash).join(", ")}`);
    const times = (of: TrainRun[]) => of.flatMap((run) => run.times);
    const firsts = (of: TrainRun[]) => of.map((run) => run.times[0] as number);
    const peers = [npm, ...(current.length > 0 ? [current] : [])].toSorted((a, b) => median(times(a)) - median(times(b)));
    const peer = peers[0] as TrainRun[];
    const named = peer === npm ? `@anush008/tokenizers ${peerVersion("@anush008/tokenizers")}` : `Python tokenizers ${current[0]?.version}`;
    return {
      metrics: { train_vs_hf_rust: median(times(peer)) / median(times(ours)) },
      detail: {
        peer: named,
        corpus: { bytes: Buffer.byteLength(corpus), hash: hashOf(corpus) },
        vocabulary: { tokens: ours[0]?.tokens, hash: ours[0]?.hash },
        cutaway_ms: spread(times(ours)),
        anush008_tokenizers_ms: spread(times(npm)),
        ...(current.length > 0 && { python_tokenizers_ms: spread(times(current)) }),
        first_run_ratio: median(firsts(peer)) / median(firsts(ours)),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
