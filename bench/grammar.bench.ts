import { drive, type Judged, nothingTaken, type Taken } from "./grammar/drive.ts";
import type { EngineName } from "./grammar/engine.ts";
import { peerVersion, spread } from "./measure.ts";
import type { BenchResult } from "./run.ts";

/** What one schema may take, compiling and all its masks, ms: some peers need minutes for some. Ours takes each three times. */
const limitMs = { peers: 4_000, ours: 60_000 };
const chunk = 25;

/**
 * Schemas of MaskBench over a vocabulary of 128,256 tokens: every instance as compact JSON, token by token, a mask before each. Ours takes `schemas` of them,
 * each compiled anew three times; the peers the first `peers`, in turn with ours, in processes of their own.
 */
export default async function grammarBench({ schemas = "1000", peers = "50" }: Record<string, string>): Promise<BenchResult> {
  const drawn = Number(schemas);
  const shared = Math.min(Number(peers), drawn);
  const engines: EngineName[] = ["cutaway", "xgrammar", "transformers"];
  const taken: Record<EngineName, Taken> = { cutaway: nothingTaken(), xgrammar: nothingTaken(), transformers: nothingTaken() };
  for (let from = 0; from < shared; from += chunk) {
    const to = Math.min(from + chunk, shared);
    for (const engine of engines)
      await drive(
        { engine, drawn, from, to, rounds: engine === "cutaway" ? 3 : 1 },
        engine === "cutaway" ? limitMs.ours : limitMs.peers,
        taken[engine],
      );
  }
  for (let from = shared; from < drawn; from += 10 * chunk) {
    await drive({ engine: "cutaway", drawn, from, to: Math.min(from + 10 * chunk, drawn), rounds: 3 }, limitMs.ours, taken.cutaway);
  }

  const ours = [...taken.cutaway.judged.values()];
  const compile = percentiles(ours.map(({ compileMs }) => compileMs));
  const mask = percentiles(ours.flatMap(({ masks }) => masks));
  const explain = percentiles(ours.flatMap(({ explained }) => explained));
  const metrics: Record<string, number> = {
    compile_p50_ms: compile.p50,
    compile_p99_ms: compile.p99,
    mask_p50_us: mask.p50,
    mask_p99_us: mask.p99,
    mask_p999_us: mask.p999,
    setup_ms: spread(taken.cutaway.setupMs).median,
    explain_ms: explain.p99 / 1000,
    maskbench_right: (100 * ours.filter(isRight).length) / drawn,
    maskbench_wrong: ours.filter((one) => !isRight(one)).length,
  };
  const detail: Record<string, unknown> = {
    says: "wall time; each of our times is the least of three, each with the schema compiled anew, a peer's the only one. mask_vs and compile_vs: geometric mean over the schemas that both judged over the same steps. right: percent of schemas with every instance judged as labelled.",
    sample: { schemas: drawn, hash: taken.cutaway.hash },
    cutaway: summary(taken.cutaway),
    wrong: ours.filter((one) => !isRight(one)).map(({ index, wrong }) => ({ index, wrong })),
  };
  for (const peer of ["xgrammar", "transformers"] as const) {
    const both = pairs(taken.cutaway, taken[peer]);
    if (both.length > 0) {
      metrics[`mask_vs_${peer}`] = meanRatio(both, allMasks);
      metrics[`compile_vs_${peer}`] = meanRatio(both, ({ compileMs }) => compileMs);
    }
    detail[peer] = { ...summary(taken[peer]), compared: both.length, all_masks_ratio: both.length > 0 ? ratio(both, allMasks) : undefined };
  }
  return {
    metrics,
    versions: { xgrammar: peerVersion("@mlc-ai/web-xgrammar"), transformers: peerVersion("@huggingface/transformers-structured-output") },
    detail,
  };
}

const isRight = ({ wrong: [valid, invalid] }: Judged): boolean => valid + invalid === 0;

/** Schemas that both judged over the same steps: an answer broken off earlier is less work. */
const pairs = (ours: Taken, theirs: Taken): [Judged, Judged][] =>
  [...theirs.judged.values()].flatMap((their): [Judged, Judged][] => {
    const our = ours.judged.get(their.index);
    return our && our.masks.length === their.masks.length ? [[our, their]] : [];
  });

const allMasks = ({ masks }: Judged): number => masks.reduce((sum, one) => sum + one, 0);

/** The peer's time over ours, schema by schema: the geometric mean, so that no schema counts for more than another. */
const meanRatio = (both: [Judged, Judged][], of: (judged: Judged) => number): number =>
  Math.exp(both.reduce((sum, [our, their]) => sum + Math.log(of(their) / of(our)), 0) / both.length);

/** All of the peer's time over all of ours: what the dearest schemas say. */
const ratio = (both: [Judged, Judged][], of: (judged: Judged) => number): number =>
  both.reduce((sum, [, their]) => sum + of(their), 0) / both.reduce((sum, [our]) => sum + of(our), 0);

function summary({ setupMs, judged, refused }: Taken) {
  const all = [...judged.values()];
  return {
    schemas: judged.size,
    refused: refused.size,
    refusals: [...new Set(refused.values())].slice(0, 20),
    right: all.filter(isRight).length,
    rejects_valid: all.filter(({ wrong }) => wrong[0] > 0).length,
    accepts_invalid: all.filter(({ wrong }) => wrong[1] > 0).length,
    setup_ms: setupMs.length > 0 ? spread(setupMs) : undefined,
    compile_ms: percentiles(all.map(({ compileMs }) => compileMs)),
    mask_us: percentiles(all.flatMap(({ masks }) => masks)),
    masks: all.reduce((sum, { masks }) => sum + masks.length, 0),
  };
}

function percentiles(values: number[]) {
  const sorted = values.toSorted((x, y) => x - y);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}
