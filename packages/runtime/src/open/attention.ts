import { keyDimension } from "./feeds.ts";
import { repeatHeads, rotate } from "./layers.ts";
import type { Tensor } from "./open-graph.ts";
import type { OpenNetwork } from "./open-network.ts";

export interface AttentionOptions {
  heads: number;
  kvHeads: number;
  headSize: number;
  /** The scores are multiplied by it; usually 1 / √headSize. */
  scale: number;
  /** Added to the scores, [batch or 1, heads or 1, tokens, keys]: 0 where a query may see a key. */
  mask: Tensor;
  /** Normalises queries and keys, each head by itself, before they are rotated. */
  normalize?: { q(x: Tensor): Tensor; k(x: Tensor): Tensor };
  angles?: { cos: Tensor; sin: Tensor };
  /** Scores are bent to stay within ±softcap: softcap · tanh(score / softcap). */
  softcap?: number;
  /** Cached keys and values are kept under this number; without it they are not cached. */
  layer?: number;
}

/**
 * Scaled dot-product attention; heads may share keys and values. q [batch, tokens, heads · headSize], k, v [batch, keys, kvHeads · headSize].
 * Gives z joined over the heads, [batch, tokens, heads · headSize].
 * source  Vaswani et al. 2017, arXiv 1706.03762, section 3.2; Ainslie et al. 2023, "GQA", arXiv 2305.13245
 */
export function attention(net: OpenNetwork, at: string, { q, k, v }: { q: Tensor; k: Tensor; v: Tensor }, options: AttentionOptions): Tensor {
  const { g } = net;
  const { heads, kvHeads, headSize, scale, mask, normalize, angles, softcap, layer } = options;
  const perHead = (x: Tensor, count: number) => g.reshape(x, [...x.shape.slice(0, 2), count, headSize]);
  let queries = net.hook(`${at}.hook_q`, perHead(q, heads));
  let keys = net.hook(`${at}.hook_k`, perHead(k, kvHeads));
  const values = net.hook(`${at}.hook_v`, perHead(v, kvHeads));
  if (normalize) [queries, keys] = [normalize.q(queries), normalize.k(keys)];
  if (angles) {
    queries = net.hook(`${at}.hook_rot_q`, rotate(g, queries, angles));
    keys = net.hook(`${at}.hook_rot_k`, rotate(g, keys, angles));
  }

  const headsFirst = (x: Tensor) => g.transpose(x, [0, 2, 1, 3]);
  const [allKeys, allValues] = withPast(net, layer, headsFirst(keys), headsFirst(values));
  const times = heads / kvHeads;
  const keysAcross = g.transpose(repeatHeads(g, allKeys, times), [0, 1, 3, 2]);
  let scores = g.scale(g.matMul(headsFirst(queries), keysAcross), scale);
  if (softcap !== undefined) scores = g.scale(g.tanh(g.scale(scores, 1 / softcap)), softcap);
  const pattern = net.hook(`${at}.hook_pattern`, g.softmax(net.hook(`${at}.hook_attn_scores`, g.add(scores, mask))));
  const z = net.hook(`${at}.hook_z`, g.transpose(g.matMul(pattern, repeatHeads(g, allValues, times)), [0, 2, 1, 3]));
  return g.reshape(z, [...q.shape.slice(0, 2), heads * headSize]);
}

/** Keys and values of earlier tokens before the new ones, [batch, kvHeads, keys, headSize]. */
function withPast(net: OpenNetwork, layer: number | undefined, keys: Tensor, values: Tensor): [Tensor, Tensor] {
  if (!net.plan.cache || layer === undefined) return [keys, values];
  const { g } = net;
  return [["key", keys] as const, ["value", values] as const].map(([part, fresh]) => {
    const past = g.input(`past.${layer}.${part}`, "float32", fresh.shape.with(2, "past"));
    const present = g.named(`present.${layer}.${part}`, g.concat([past, fresh], 2, keyDimension(net)));
    g.output(present);
    return present;
  }) as [Tensor, Tensor];
}
