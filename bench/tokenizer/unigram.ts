import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peerVersion, spread } from "../measure.ts";
import { type CorpusName, corpora, warmUp } from "./corpora.ts";
import { type Figure, geometricMean } from "./figure.ts";
import { inProcess } from "./in-process.ts";
import type { UnigramRun, UnigramTask } from "./unigram-engine.ts";

const processes = 3;
const engines = ["cutaway", "sentencepiece-js"] as const;
type EngineName = (typeof engines)[number];
const names = Object.keys(corpora) as CorpusName[];
const small = fileURLToPath(new URL("../../packages/tokenizer/test/fixtures/sentencepiece/unigram.model", import.meta.url));

/**
 * A Unigram model of SentencePiece on prose, code and text in 140 languages: sentencepiece-js's CPU time over ours, on text not seen before, a fresh
 * process per engine, in turns. Lines on which the peer, which is older, gives other ids are left out of what is timed. The model is trained here by `spm_train` (16,000 pieces)
 * where that is installed; otherwise it is the tests' small one (800).
 */
const unigram: Figure = async () => {
  const folder = mkdtempSync(join(tmpdir(), "unigram-"));
  try {
    const model = train(folder) ?? small;
    const without = differing(model);
    const runs: Record<EngineName, UnigramRun[]> = { cutaway: [], "sentencepiece-js": [] };
    for (let round = 0; round < processes; round++) {
      for (const engine of engines)
        runs[engine].push(inProcess<UnigramRun>("unigram-engine.ts", { engine, model, repeats: 3, without } satisfies UnigramTask));
    }
    const median = (engine: EngineName, time: (run: UnigramRun) => number) => spread(runs[engine].map(time)).median;
    const first = (engine: EngineName, name: CorpusName) => median(engine, ({ corpora }) => corpora[name].first);
    const repeated = (engine: EngineName, name: CorpusName) => median(engine, ({ corpora }) => spread(corpora[name].repeated).median);
    return {
      metrics: { unigram_vs_sentencepiece_js: geometricMean(names.map((name) => first("sentencepiece-js", name) / first("cutaway", name))) },
      versions: { "@agnai/sentencepiece-js": peerVersion("@agnai/sentencepiece-js") },
      detail: {
        says: "milliseconds of CPU time, medians of three processes; first: a text not seen before; repeated: the same again; load: from the path to the first ids",
        model: model === small ? "the tests' model of 800 pieces: spm_train is not installed" : "16,000 pieces, trained by spm_train",
        lines_with_other_ids: Object.fromEntries(names.map((name) => [name, without[name]?.length])),
        ...Object.fromEntries(
          engines.map((engine) => [
            engine,
            {
              load: median(engine, ({ load }) => load),
              ...Object.fromEntries(
                names.map((name) => [
                  name,
                  { first: first(engine, name), repeated: repeated(engine, name), tokens: runs[engine][0]?.corpora[name].tokens },
                ]),
              ),
            },
          ]),
        ),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
export default unigram;

/** By corpus: the lines on which the engines differ. */
function differing(model: string): UnigramTask["without"] {
  const [ours, peer] = engines.map((engine) =>
    inProcess<UnigramRun>("unigram-engine.ts", { engine, model, repeats: 0, without: {} } satisfies UnigramTask),
  );
  const linesOf = (name: CorpusName) =>
    (ours?.corpora[name].hashes ?? []).flatMap((hash, line) => (hash === peer?.corpora[name].hashes[line] ? [] : [line]));
  return Object.fromEntries(names.map((name) => [name, linesOf(name)]));
}

/** The path of a model trained on text of every kind; undefined without `spm_train`. */
function train(folder: string): string | undefined {
  const input = join(folder, "corpus.txt");
  writeFileSync(input, [warmUp(), ...names.map((name) => corpora[name]().slice(0, 300_000))].join("\n"));
  const options = [
    "--vocab_size=16000",
    "--model_type=unigram",
    "--hard_vocab_limit=false",
    "--max_sentence_length=100000",
    "--num_threads=1",
    "--minloglevel=2",
  ];
  const run = spawnSync("spm_train", [`--input=${input}`, `--model_prefix=${join(folder, "unigram")}`, ...options], { stdio: "ignore" });
  return run.status === 0 ? join(folder, "unigram.model") : undefined;
}
