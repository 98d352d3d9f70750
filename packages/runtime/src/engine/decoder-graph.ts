import type { OnnxModel } from "@cutaway/formats";
import type { DecoderConfig } from "./decoder-config.ts";
import type { DecoderWeights } from "./decoder-weights.ts";
import { GraphBuilder, type Value } from "./graph-builder.ts";
import type { Matrix } from "./matrix.ts";
import { type Arithmetic, multiply } from "./multiply-matrix.ts";
import { rotaryTable } from "./rotary-table.ts";

export type GraphPurpose = "step" | "probed-step" | "prompt" | "bulk" | "bulk-blocks";

/**
 * Llama and its relatives (Mistral, Qwen 2 and 3, Gemma 3), for speed: embeddings of tokens in, logits out.
 *
 *   embeddings [1, tokens, width]         the new tokens' rows of the embedding matrix
 *   last_position int32 [1], total_tokens int32 scalar    how many tokens there are with those in the cache
 *   asked int64 [rows]                    whose logits are wanted, among the new tokens
 *   past.N.key, past.N.value [1, kvHeads, capacity, headSize]    the cache; `present.N.…` is the same memory
 *   logits [1, rows, vocab]
 *
 * `step` does all of that, for one token or some. `prompt` only fills the cache, for many tokens at once: it has no logits and takes no `asked`.
 * `bulk` is for many tokens as well, and gives what the unembedding is multiplied with, [1, tokens, width], where `StepNetwork` has the weights of that
 * and of single tokens; `bulk-blocks` is the same where the processor's 8-bit matrix instructions are not exact.
 * `probed-step` is `step` with outputs to fetch besides, by TransformerLens's names (`fast-probes.ts` lists them).
 * The open networks (`architectures/`) say the same in plain operators; tests hold the two together.
 *
 * source  Touvron et al. 2023, "LLaMA", arXiv 2302.13971, section 2.2; Ainslie et al. 2023, "GQA", arXiv 2305.13245; of the relatives, see there
 */
export function decoderGraph(purpose: GraphPurpose, config: DecoderConfig, weights: DecoderWeights, positions: number): OnnxModel {
  const { width, heads, kvHeads, headSize, mlpWidth, normEpsilon } = config;
  const g = new GraphBuilder(`${config.architecture} ${purpose}`);
  const arithmetic: Arithmetic = purpose === "prompt" || purpose === "bulk" ? "rows" : "blocks";
  const isProbed = purpose === "probed-step";
  // A copy: the graph's arrays are its own, and are given back with it (`returnMemory`).
  const norm = (name: string, weight: Float32Array) => g.constant(name, "float32", [weight.length], weight.slice());
  /** What a part adds to the residual stream, under its hook's name whatever comes after the product. */
  const contribution = (hook: string, x: Value, matrix: Matrix, bias: Float32Array | undefined, weight: Float32Array | undefined): Value => {
    const steps = [bias && "biased", weight && "normed"].filter((step) => step !== undefined);
    const nameAfter = (step: string) => (step === (steps.at(-1) ?? "product") ? hook : `${hook}.${step}`);
    let value = multiply(g, nameAfter("product"), x, [matrix], arithmetic);
    if (bias) value = g.add(nameAfter("biased"), value, norm(`${hook}.bias`, bias));
    if (weight) value = g.rmsNorm(nameAfter("normed"), value, norm(`${hook}.w`, weight), normEpsilon);
    if (isProbed) g.output(value, "float32", [1, "tokens", width]);
    return value;
  };
  const withBias = (name: string, product: Value, bias: Float32Array | undefined) =>
    bias ? g.add(`${name}.biased`, product, norm(`${name}.bias`, bias)) : product;
  const probe = (value: Value) => isProbed && value !== embeddings && g.output(value, "float32", [1, "tokens", width]);

  const embeddings = g.input("embeddings", "float32", [1, "tokens", width]);
  const lastPosition = g.input("last_position", "int32", [1]);
  const totalTokens = g.input("total_tokens", "int32", []);
  const anglesOf = angleTables(g, config, positions);

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
    probe(residual);
    const qkv = withBias(`${at}.attn.qkv`, multiply(g, `${at}.attn.qkv`, normed, block.qkv, arithmetic), block.qkvBias);
    const [z, keysAfter, valuesAfter] = g.attention(
      {
        z: `${at}.attn.hook_z`,
        keys: `present.${layer}.key`,
        values: `present.${layer}.value`,
        ...(isProbed && { pattern: `${at}.attn.hook_pattern` }),
      },
      { ...queriesKeysValues(g, at, qkv, block.headNorms, config), cache, lastPosition, totalTokens, ...anglesOf(layer) },
      { ...config, window: config.windows[layer], interleaved: weights.pairs === "neighbours" },
    );
    g.output(keysAfter, "float32", cacheShape);
    g.output(valuesAfter, "float32", cacheShape);
    if (isProbed) g.output(`${at}.attn.hook_pattern` as Value, "float32", [1, heads, "tokens", "total"]);
    if (purpose === "prompt" && layer === config.layers - 1) return g.finish(); // the cache is full: what follows serves the logits

    const attentionOut = contribution(`${at}.hook_attn_out`, z, block.attentionOut, block.attentionOutBias, block.afterAttentionNorm);

    // MLP: what each token makes of it by itself.
    const middle = { sum: `${at}.hook_resid_mid`, normed: `${at}.ln2.hook_normalized` };
    [residual, normed] = g.addAndNorm(middle, residual, attentionOut, norm(`${at}.ln2.w`, block.mlpNorm), normEpsilon);
    probe(residual);
    const gateAndUp = withBias(`${at}.mlp.gate_up`, multiply(g, `${at}.mlp.gate_up`, normed, block.gateUp, arithmetic), block.gateUpBias);
    const [gate, up] = g.split([`${at}.mlp.hook_pre`, `${at}.mlp.hook_pre_linear`], gateAndUp, [mlpWidth, mlpWidth]) as [Value, Value];
    const activated = g.multiply(`${at}.mlp.hook_post`, g.activation(`${at}.mlp.activated`, config.activation, gate), up);
    mlpOut = contribution(`${at}.hook_mlp_out`, activated, block.down, block.downBias, block.afterMlpNorm);
  }

  const after = { sum: `blocks.${config.layers - 1}.hook_resid_post`, normed: "ln_final.hook_normalized" };
  const [last, normed] = g.addAndNorm(after, residual, mlpOut, norm("ln_final.w", weights.outputNorm), normEpsilon);
  probe(last);
  if (purpose === "bulk" || purpose === "bulk-blocks") {
    g.output(normed, "float32", [1, "tokens", width]);
    return g.finish();
  }
  const asked = g.pickTokens("ln_final.asked", normed, g.input("asked", "int64", ["rows"]));
  const logits = multiply(g, "logits", asked, [weights.unembedding], arithmetic);
  g.output(logits, "float32", [1, "rows", config.vocabSize]);
  return g.finish();
}

/** Packed as they are, or apart where queries and keys are normalised, each head by itself. */
function queriesKeysValues(
  g: GraphBuilder,
  at: string,
  qkv: Value,
  headNorms: { q: Float32Array; k: Float32Array } | undefined,
  { heads, kvHeads, headSize, normEpsilon }: DecoderConfig,
): { query: Value; key?: Value; value?: Value } {
  if (!headNorms) return { query: qkv };
  const sizes = [heads, kvHeads, kvHeads].map((count) => count * headSize);
  const [q, k, v] = g.split([`${at}.attn.q`, `${at}.attn.k`, `${at}.attn.v`], qkv, sizes) as [Value, Value, Value];
  const normed = (name: string, x: Value, count: number, weight: Float32Array) => {
    const apart = g.reshape(`${name}.heads`, x, [1, -1, count, headSize]);
    const scaled = g.rmsNorm(`${name}.normed`, apart, g.constant(`${name}.w`, "float32", [headSize], weight), normEpsilon);
    return g.reshape(`${name}.joined`, scaled, [1, -1, count * headSize]);
  };
  return { query: normed(`${at}.attn.q`, q, heads, headNorms.q), key: normed(`${at}.attn.k`, k, kvHeads, headNorms.k), value: v };
}

/** The table of each layer; layers that turn alike share one. */
function angleTables(g: GraphBuilder, { speeds }: DecoderConfig, positions: number): (layer: number) => { cos: Value; sin: Value } {
  const tables = new Map<Float64Array, { cos: Value; sin: Value }>();
  for (const kind of new Set(speeds)) {
    const name = tables.size === 0 ? "rotary" : `rotary.${tables.size}`;
    const { cos, sin } = rotaryTable(kind, positions);
    const shape = [positions, kind.length];
    tables.set(kind, { cos: g.constant(`${name}.cos`, "float32", shape, cos), sin: g.constant(`${name}.sin`, "float32", shape, sin) });
  }
  return (layer) => tables.get(speeds[layer] as Float64Array) as { cos: Value; sin: Value };
}
