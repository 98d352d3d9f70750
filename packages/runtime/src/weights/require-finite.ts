import { badModel } from "../engine/unsupported-model.ts";

/** Weights that are no numbers make every logit none: said here, where tensor and file are known. @throws `bad-model` */
export function requireFinite(weights: Float32Array, tensor: string, file: string): Float32Array {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (weights[at] as number) * 0; // 0, or NaN from the first that is not finite on
  if (sum === 0) return weights;
  const at = weights.findIndex((weight) => !Number.isFinite(weight));
  throw badModel(`${file}: tensor ${tensor} holds ${weights[at]} at ${at}, and weights are finite numbers`, { tensor, file, at });
}
