import type { Call, Change, Parameters } from "@cutaway/core";
import { type Counted, merged } from "./changes.ts";
import { isSampled } from "./is-sampled.ts";

/**
 * Temperature 0 in place of sampling. What has no effect then goes with it, where it would be refused beside it.
 * returns undefined for a call that was greedy already, and for models that reason: they take no temperature
 */
export function setGreedy(call: Call, counted: Counted): Change | undefined {
  const { request } = call;
  if (!request || isSampled(call) !== true || reasons(call)) return undefined;
  const gone = idle[request.format].filter((name) => request.parameters[name] !== undefined);
  const set: Partial<Parameters> = { temperature: 0, ...Object.fromEntries(gone.map((name) => [name, undefined])) };
  const orders = request.local?.samplerOrder !== undefined;
  const words = [...gone.map((name) => spelling[name]), ...(orders ? ["the order of the sampler's stages"] : [])];
  return {
    says: `set temperature to 0, so that the likeliest token is always taken${words.length > 0 ? ` (without effect then, and left out: ${words.join(", ")})` : ""}`,
    set,
    ...(orders && { setLocal: { samplerOrder: undefined } }),
    apply: (old) => ({
      ...old,
      parameters: merged(old.parameters, set),
      ...(old.local && { local: merged(old.local, { samplerOrder: undefined }) }),
    }),
    ...counted,
  };
}

type Idle = "topP" | "topK" | "minP" | "seed";

const idle: Record<NonNullable<Call["format"]>, readonly Idle[]> = {
  local: ["topP", "topK", "minP", "seed"],
  "anthropic-messages": ["topP", "topK"],
  "openai-chat": [],
  "openai-responses": [],
};

const spelling: Record<Idle, string> = { topP: "top_p", topK: "top_k", minP: "min_p", seed: "seed" };

const reasons = ({ request, usage, answers }: Call) =>
  request?.parameters.reasoning !== undefined || (usage.reasoningTokens ?? 0) > 0 || answers.some(({ reasoning }) => reasoning !== undefined);
