import { basename } from "node:path";
import { spread } from "../measure.ts";
import { type CorpusName, corpora } from "./corpora.ts";
import { type Figure, geometricMean } from "./figure.ts";
import { inProcess } from "./in-process.ts";
import { type OffsetsRun, type OffsetsTask, type Way, ways } from "./offsets-task.ts";
import { ofEachFamily } from "./tokenizers.ts";

const rounds = 5;
const names = Object.keys(corpora) as CorpusName[];

/**
 * What ids with offsets cost beyond ids, of each family, on text not seen before. In a process, parts of 20,000 characters are taken without offsets, with
 * them in UTF-16 units and in bytes of UTF-8, in turn, so that what else the machine does meets all alike; over three processes every part is
 * taken every way. The median of five such rounds; the geometric mean over the corpora; the dearest unit of the dearest family.
 */
const offsets: Figure = async () => {
  const detail: Record<string, unknown> = {
    says: "what offsets cost beyond ids, as a share of these, by corpus; median of five rounds of three processes",
  };
  let dearest = Number.NEGATIVE_INFINITY;
  for (const tokenizer of ofEachFamily) {
    const list: Record<CorpusName, Record<Way, number>>[] = [];
    for (let round = 0; round < rounds; round++) {
      const runs = ways
        .map((_, turn) => inProcess<OffsetsRun>("offsets-engine.ts", { tokenizer, turn } satisfies OffsetsTask))
        .filter((run) => run !== null);
      if (runs.length > 0) list.push(sum(runs));
    }
    if (list.length === 0) continue;
    const share = (name: CorpusName, way: Way) => spread(list.map((times) => times[name][way] / times[name].plain)).median - 1;
    for (const way of ["utf16", "utf8"] as const) dearest = Math.max(dearest, geometricMean(names.map((name) => 1 + share(name, way))) - 1);
    detail[basename(tokenizer)] = Object.fromEntries(names.map((name) => [name, { utf16: share(name, "utf16"), utf8: share(name, "utf8") }]));
  }
  return { metrics: { offsets_overhead: dearest }, detail };
};
export default offsets;

function sum(runs: readonly Record<CorpusName, Record<Way, number>>[]): Record<CorpusName, Record<Way, number>> {
  const total = (name: CorpusName, way: Way) => runs.reduce((time, run) => time + run[name][way], 0);
  const of = (name: CorpusName): Record<Way, number> => ({ plain: total(name, "plain"), utf16: total(name, "utf16"), utf8: total(name, "utf8") });
  return { prose: of("prose"), code: of("code"), multilingual: of("multilingual") };
}
