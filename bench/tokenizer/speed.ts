import { peerVersion, spread } from "../measure.ts";
import type { CorpusName } from "./corpora.ts";
import { corpora, hashOf, warmUp } from "./corpora.ts";
import { type EngineName, engineNames, packageOf } from "./engines/engine.ts";
import { type Figure, geometricMean } from "./figure.ts";
import { inProcess } from "./in-process.ts";
import type { EngineRun, EngineTask, Operation } from "./run-engine.ts";

const processes = 5;
/** Engines in JavaScript are compiled while they run, and remember pieces; the others need no long warm-up, and are as slow the second time. */
const inJavaScript = (engine: EngineName) => engine === "cutaway" || engine === "gpt-tokenizer" || engine === "ai-tokenizer";
const names = Object.keys(corpora) as CorpusName[];

/**
 * o200k_base on prose, code and text in 140 languages: CPU time of encoding a text that the engine has not seen, and of encoding it again, in a fresh
 * process per engine, all in turn, five times. The hash of every engine's ids must be ours.
 */
const speed: Figure = async () => {
  const runs = new Map<string, EngineRun[]>();
  const plan: [EngineName, Operation][] = [
    ...engineNames.map((engine): [EngineName, Operation] => [engine, "encode"]),
    ...(["cutaway", "gpt-tokenizer", "ai-tokenizer"] as const).map((engine): [EngineName, Operation] => [engine, "count"]),
  ];
  for (let round = 0; round < processes; round++) {
    for (const [engine, operation] of plan) {
      const task: EngineTask = { engine, operation, ...(inJavaScript(engine) ? { warmUps: 6, repeats: 5 } : { warmUps: 1, repeats: 0 }) };
      const key = `${engine} ${operation}`;
      runs.set(key, [...(runs.get(key) ?? []), inProcess<EngineRun>("run-engine.ts", task)]);
    }
  }
  const ours = (runs.get("cutaway encode") as EngineRun[])[0] as EngineRun;
  const disagree = plan.flatMap(([engine, operation]) =>
    names
      .filter((name) => (runs.get(`${engine} ${operation}`) ?? []).some((run) => !sameAnswer(run.corpora[name], ours.corpora[name], operation)))
      .map((name) => `${engine} ${operation} ${name}`),
  );
  const right = (engine: EngineName) => names.every((name) => !disagree.includes(`${engine} encode ${name}`));
  const time = (key: string, name: CorpusName, when: "first" | "repeated") =>
    spread((runs.get(key) ?? []).flatMap((run) => (when === "first" ? [run.corpora[name].first] : [spread(run.corpora[name].repeated).median])))
      .median;

  /** Peer's time over ours, the geometric mean over the corpora. */
  const ratio = (peers: string[], own: string, when: "first" | "repeated") =>
    geometricMean(names.map((name) => Math.min(...peers.map((peer) => time(peer, name, when))) / time(own, name, when)));
  // kitoken, in WebAssembly, is slower than either on every corpus; its times stand in the detail.
  const npm = (["gpt-tokenizer", "ai-tokenizer"] as const).filter(right).map((engine) => `${engine} encode`);
  const metrics: Record<string, number> = {};
  if (npm.length > 0) {
    metrics.first_sight_vs_fastest_npm = ratio(npm, "cutaway encode", "first");
    metrics.repeat_vs_fastest_npm = ratio(npm, "cutaway encode", "repeated");
  }
  if (right("tiktoken")) {
    // It remembers nothing: its first time is its time.
    metrics.vs_tiktoken_wasm = ratio(["tiktoken encode"], "cutaway encode", "first");
    metrics.vs_tiktoken_wasm_repeated = geometricMean(
      names.map((name) => time("tiktoken encode", name, "first") / time("cutaway encode", name, "repeated")),
    );
  }
  if (right("hf-rust")) metrics.vs_hf_rust = ratio(["hf-rust encode"], "cutaway encode", "first");
  if (right("gpt-tokenizer")) {
    metrics.count_vs_gpt_tokenizer = ratio(["gpt-tokenizer count"], "cutaway count", "first");
    metrics.count_vs_gpt_tokenizer_repeated = ratio(["gpt-tokenizer count"], "cutaway count", "repeated");
  }
  return {
    metrics,
    versions: Object.fromEntries(Object.values(packageOf).map((name) => [name, peerVersion(name)])),
    detail: {
      says: "milliseconds of CPU time, [median, min, max] of five processes; first: a text not seen before; repeated: the same again (median of five)",
      corpora: Object.fromEntries(names.map((name) => [name, describe(corpora[name]())])),
      warm_up: describe(warmUp()),
      other_answers: disagree,
      ...Object.fromEntries(
        [...runs].map(([key, list]) => [
          key,
          Object.fromEntries(
            names.map((name) => [
              name,
              {
                first: three(list.map((run) => run.corpora[name].first)),
                ...((list[0]?.corpora[name].repeated.length ?? 0) > 0 && {
                  repeated: three(list.map((run) => spread(run.corpora[name].repeated).median)),
                }),
                tokens: list[0]?.corpora[name].tokens,
              },
            ]),
          ),
        ]),
      ),
    },
  };
};
export default speed;

type Outcome = EngineRun["corpora"][CorpusName];
const sameAnswer = (a: Outcome, b: Outcome, operation: Operation) => (operation === "count" ? a.tokens === b.tokens : a.hash === b.hash);

const describe = (text: string) => ({ bytes: Buffer.byteLength(text), sha256: hashOf(text) });

const three = (times: number[]) => {
  const { median, min, max } = spread(times);
  return [median, min, max].map((value) => Number(value.toFixed(2)));
};
