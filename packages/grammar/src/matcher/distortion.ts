export interface Distortion {
  /** Probability of the allowed tokens together, 0 to 1, before the mask. */
  kept: number;
  /** What the mask does to the distribution: KL(masked ‖ unmasked) = −ln kept, nats. */
  divergence: number;
  /** The most probable tokens that may not come, with their probability before the mask. */
  removed: { id: number; probability: number }[];
}

/** logits [vocab]; a mask shorter than them allows none beyond its end. `top`: how many removed tokens to name. */
export function distortionOf(logits: ArrayLike<number>, mask: Uint32Array, top = 10): Distortion {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) if ((logits[id] as number) > greatest) greatest = logits[id] as number;
  let all = 0;
  let kept = 0;
  const removed: { id: number; probability: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    const weight = Math.exp((logits[id] as number) - greatest);
    all += weight;
    if (((mask[id >>> 5] ?? 0) >>> (id & 31)) & 1) {
      kept += weight;
      continue;
    }
    if (top === 0 || (removed.length === top && weight <= least)) continue;
    let at = removed.length;
    while (at > 0 && (removed[at - 1] as { probability: number }).probability < weight) at--;
    removed.splice(at, 0, { id, probability: weight });
    if (removed.length > top) removed.pop();
    least = removed.at(-1)?.probability as number;
  }
  for (const one of removed) one.probability /= all;
  return { kept: kept / all, divergence: -Math.log(kept / all), removed };
}
