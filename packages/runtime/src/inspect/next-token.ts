/** How far `changed` is from `base`, both log probabilities: KL(base ‖ changed), nats. */
export function divergence(base: Float32Array, changed: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < base.length; i++) {
    const p = Math.exp(base[i] as number);
    if (p > 0) sum += p * ((base[i] as number) - (changed[i] as number));
  }
  return Math.max(0, sum);
}

/** The likeliest; of equals the lower id. */
export function best(values: Float32Array): number {
  let id = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[id] as number)) id = i;
  return id;
}

/** How many are above `id`, or equal with a lower id. */
export function rankOf(values: Float32Array, id: number): number {
  const own = values[id] as number;
  let rank = 0;
  for (const [other, value] of values.entries()) if (value > own || (value === own && other < id)) rank++;
  return rank;
}

/** The few largest, in order; of equals the lower id first. */
export function largest(values: Float32Array, count: number): { id: number; logprob: number }[] {
  const found: { id: number; logprob: number }[] = [];
  for (const [id, logprob] of values.entries()) {
    if (found.length === count && logprob <= (found.at(-1)?.logprob as number)) continue;
    let at = found.length;
    while (at > 0 && (found[at - 1]?.logprob as number) < logprob) at--;
    found.splice(at, 0, { id, logprob });
    if (found.length > count) found.pop();
  }
  return found;
}
