/** logits [vocab] as log-probabilities, natural logs; a new array. */
export function logSoftmax(logits: Float32Array): Float32Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  const log = largest + Math.log(sum);
  return logits.map((logit) => logit - log);
}
