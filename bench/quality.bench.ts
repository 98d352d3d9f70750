import { peerVersion } from "./measure.ts";
import { benchModel } from "./model.ts";
import { divergencesFrom, openReference } from "./quality/divergence.ts";
import { perplexityOf, perplexityTokens, publicDomainWindows } from "./quality/perplexity.ts";
import type { BenchResult } from "./run.ts";
import { say } from "./say.ts";

const figures = ["divergence", "perplexity"] as const;

/**
 * How far an engine's arithmetic on quantised weights is from the same weights in float32: per position, the divergence
 * KL(reference ‖ engine) in nats and whether the most probable token is the same. The reference is made by
 * `tools/golden/reference_logits.py` and named by `--reference=FILE`. And the perplexity of either engine on 20,000 tokens of a public-domain text.
 * `--figures=perplexity` needs no reference. What is known so far goes to stderr.
 */
export default async function quality(options: Record<string, string>): Promise<BenchResult> {
  const wanted = options.figures?.split(",") ?? figures;
  const unknown = wanted.find((name) => !(figures as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`there is no figure ${unknown}: --figures takes ${figures.join(",")}`);
  const { name, path } = await benchModel(options);
  const result: BenchResult = { metrics: {}, versions: { "node-llama-cpp": peerVersion("node-llama-cpp") }, detail: { model: name } };

  if (wanted.includes("divergence")) {
    if (!options.reference) throw new Error("make a reference with tools/golden/reference_logits.py and give it as --reference=FILE");
    const reference = openReference(options.reference);
    const ours = await divergencesFrom(reference, "cutaway-logits.ts", path);
    say(`Cutaway's divergence: ${JSON.stringify(ours)}`);
    const theirs = await divergencesFrom(reference, "llamacpp-logits.ts", path);
    say(`llama.cpp's divergence: ${JSON.stringify(theirs)}`);
    reference.close();
    Object.assign(result.metrics, {
      mean_kl: ours.meanKl,
      mean_kl_llamacpp: theirs.meanKl,
      kl_vs_llamacpp: theirs.meanKl / ours.meanKl,
      top1_percent: ours.top1,
      top1_percent_llamacpp: theirs.top1,
    });
    Object.assign(result.versions as object, reference.versions);
    Object.assign(result.detail, { positions: reference.positions, text_sha256: reference.textHash, cutaway: ours, llamacpp: theirs });
  }

  if (wanted.includes("perplexity")) {
    const { windows, beginsWith } = await publicDomainWindows(path);
    const ours = await perplexityOf("cutaway-logits.ts", path, windows);
    say(`Cutaway's perplexity: ${ours}`);
    const theirs = await perplexityOf("llamacpp-logits.ts", path, windows);
    say(`llama.cpp's perplexity: ${theirs}`);
    Object.assign(result.metrics, { perplexity: ours, perplexity_llamacpp: theirs, perplexity_off_percent: 100 * (ours / theirs - 1) });
    Object.assign(result.detail, { perplexity: { tokens: perplexityTokens, windows: windows.length, begins_with: beginsWith ?? null } });
  }
  return result;
}
