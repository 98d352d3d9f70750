import type { Call } from "@cutaway/core";

/** Whether chance chose the tokens: every provider and the local runtime sample unless told otherwise. Undefined without a request. */
export function isSampled({ request, local }: Call): boolean | undefined {
  if (local) return !local.sampler.greedy;
  if (!request) return undefined;
  const { temperature, topK } = request.parameters;
  return temperature !== 0 && topK !== 1;
}
