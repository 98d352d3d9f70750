import type { OnnxModel } from "@cutaway/formats";
import { GraphBuilder, type Value } from "./graph-builder.ts";
import type { LlamaConfig } from "./llama-config.ts";
import type { LlamaWeights } from "./llama-weights.ts";
import { multiply } from "./multiply-matrix.ts";
import { rotaryTable } from "./rotary-table.ts";

/**
 * The Llama architecture: embeddings of tokens in, logits out.
 *
 *   embeddings [1, tokens, width]         the new tokens' rows of the embedding matrix
 *   last_position int32 [1], total_tokens int32 scalar    how many tokens there are with those in the cache
 *   asked int64 [rows]                    whose logits are wanted, among the new tokens
 *   past.N.key, past.N.value [1, kvHeads, capacity, headSize]    the cache; `present.N.…` is the same memory
 *   logits [1, rows, vocab]
 *
 * `step` does all of that, for one token or some. `prompt` only fills the cache, for many tokens at once: it has no logits and takes no `asked`.
 *
 * source  Touvron et al. 2023, "LLaMA", arXiv 2302.13971, section 2.2; Ainslie et al. 2023, "GQA", arXiv 2305.13245
 */
export function llamaGraph(purpose: "step" | "prompt", config: LlamaConfig, weights: LlamaWeights, positions: number): OnnxModel {
  const { width, heads, kvHeads, headSize, mlpWidth, normEpsilon } = config;
  const g = new GraphBuilder(`llama ${purpose}`);
  const arithmetic = purpose === "step" ? "blocks" : "rows";

  const embeddings = g.input("embeddings", "float32", [1, "tokens", width]);
  const lastPosition = g.input("last_position", "int32", [1]);
  const totalTokens = g.input("total_tokens", "int32", []);
  const { cos, sin } = rotaryTable(config, positions, weights.ropeFactors);
  const angles = {
    cos: g.constant("rotary.cos", "float32", [positions, config.rotatedSize / 2], cos),
    sin: g.constant("rotary.sin", "float32", [positions, config.rotatedSize / 2], sin),
  };
  const norm = (name: string, weight: Float32Array) => g.constant(name, "float32", [width], weight);

  let residual = embeddings;
  let mlpOut: Value | undefined; // of the block before, not yet in the residual stream
  for (const [layer, block] of weights.blocks.entries()) {
    const at = `blocks.${layer}`;
    const cacheShape = [1, kvHeads, "capacity", headSize];
    const cache = {
      keys: g.input(`past.${layer}.key`, "float32", cacheShape),
      values: g.input(`past.${layer}.value`, "float32", cacheShape),
    };
    let normed: Value;

    // Attention: what each token takes over from those before it.
    const before = { sum: `${at}.hook_resid_pre`, normed: `${at}.ln1.hook_normalized` };
    [residual, normed] = g.addAndNorm(before, residual, mlpOut, norm(`${at}.ln1.w`, block.attentionNorm), normEpsilon);
    const qkv = multiply(g, `${at}.attn.qkv`, normed, block.qkv, arithmetic);
    const [z, keysAfter, valuesAfter] = g.attention(
      { z: `${at}.attn.hook_z`, keys: `present.${layer}.key`, values: `present.${layer}.value` },
      { qkv, ...cache, lastPosition, totalTokens, ...angles },
      { heads, kvHeads, headSize, interleaved: true },
    );
    g.output(keysAfter, "float32", cacheShape);
    g.output(valuesAfter, "float32", cacheShape);
    if (purpose === "prompt" && layer === config.layers - 1) return g.finish(); // the cache is full: what follows serves the logits

    const attentionOut = multiply(g, `${at}.hook_attn_out`, z, block.attentionOut, arithmetic);

    // MLP: what each token makes of it by itself.
    const middle = { sum: `${at}.hook_resid_mid`, normed: `${at}.ln2.hook_normalized` };
    [residual, normed] = g.addAndNorm(middle, residual, attentionOut, norm(`${at}.ln2.w`, block.mlpNorm), normEpsilon);
    const gateAndUp = multiply(g, `${at}.mlp.gate_up`, normed, block.gateUp, arithmetic);
    const [gate, up] = g.halves([`${at}.mlp.hook_pre`, `${at}.mlp.hook_pre_linear`], gateAndUp, mlpWidth);
    const activated = g.multiply(`${at}.mlp.hook_post`, g.silu(`${at}.mlp.silu`, gate), up);
    mlpOut = multiply(g, `${at}.hook_mlp_out`, activated, block.down, arithmetic);
  }

  const after = { sum: `blocks.${config.layers - 1}.hook_resid_post`, normed: "ln_final.hook_normalized" };
  const [, normed] = g.addAndNorm(after, residual, mlpOut, norm("ln_final.w", weights.outputNorm), normEpsilon);
  const last = g.pickTokens("ln_final.asked", normed, g.input("asked", "int64", ["rows"]));
  const logits = multiply(g, "logits", last, weights.unembedding, arithmetic);
  g.output(logits, "float32", [1, "rows", weights.vocabSize]);
  return g.finish();
}
