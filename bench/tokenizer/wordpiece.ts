import { peerVersion, spread } from "../measure.ts";
import { type CorpusName, corpora } from "./corpora.ts";
import { type Figure, geometricMean } from "./figure.ts";
import { inProcess } from "./in-process.ts";
import type { WordPieceRun, WordPieceTask } from "./wordpiece-engine.ts";

const processes = 3;
const engines = ["cutaway", "kitoken"] as const;
const names = Object.keys(corpora) as CorpusName[];

/**
 * WordPiece with the vocabulary of BERT uncased on prose, code and text in 140 languages: kitoken's CPU time over ours, on text not seen before, a fresh
 * process per engine, in turns. Only corpora on which both give the same ids count.
 */
const wordpiece: Figure = async () => {
  const runs: Record<(typeof engines)[number], WordPieceRun[]> = { cutaway: [], kitoken: [] };
  for (let round = 0; round < processes; round++) {
    for (const engine of engines) runs[engine].push(inProcess<WordPieceRun>("wordpiece-engine.ts", { engine, repeats: 5 } satisfies WordPieceTask));
  }
  const median = (engine: (typeof engines)[number], time: (run: WordPieceRun) => number) => spread(runs[engine].map(time)).median;
  const first = (engine: (typeof engines)[number], name: CorpusName) => median(engine, (run) => run[name].first);
  const same = names.filter((name) => runs.kitoken[0]?.[name].hash === runs.cutaway[0]?.[name].hash);
  return {
    metrics: same.length > 0 ? { wordpiece_vs_kitoken: geometricMean(same.map((name) => first("kitoken", name) / first("cutaway", name))) } : {},
    versions: { kitoken: peerVersion("kitoken") },
    detail: {
      says: "milliseconds of CPU time, medians of three processes; first: a text not seen before; repeated: the same again",
      same_ids: same,
      ...Object.fromEntries(
        engines.map((engine) => [
          engine,
          Object.fromEntries(
            names.map((name) => [
              name,
              {
                first: first(engine, name),
                repeated: median(engine, (run) => spread(run[name].repeated).median),
                tokens: runs[engine][0]?.[name].tokens,
              },
            ]),
          ),
        ]),
      ),
    },
  };
};
export default wordpiece;
