import type { Rate, Rates } from "../../packages/plan/src/price-list.ts";

/** An entry of LiteLLM's `model_prices_and_context_window.json`: prices in US dollars per token. */
export interface LiteLlmEntry {
  litellm_provider?: string;
  mode?: string;
  max_input_tokens?: number;
  max_output_tokens?: number;
  prompt_cache_min_tokens?: number;
  [field: string]: unknown;
}

export type LiteLlmMap = { [key: string]: LiteLlmEntry };

const providers: Record<string, string> = {
  openai: "openai",
  "text-completion-openai": "openai",
  azure: "azure",
  azure_ai: "azure",
  anthropic: "anthropic",
  bedrock: "aws",
  bedrock_converse: "aws",
  "vertex_ai-anthropic_models": "google",
  gemini: "google",
  deepseek: "deepseek",
  groq: "groq",
  xai: "x-ai",
  mistral: "mistral",
  together_ai: "together",
  openrouter: "openrouter",
  cerebras: "cerebras",
  moonshot: "moonshotai",
  dashscope: "alibaba",
  fireworks_ai: "fireworks",
};

const modes = new Set(["chat", "responses", "completion", "embedding"]);

export interface Listed {
  provider: string;
  /** Without LiteLLM's own route prefix. */
  name: string;
  entry: LiteLlmEntry;
}

/** The language models of the map that speak a wire format we read, by our names for providers. */
export function listed(map: LiteLlmMap): Listed[] {
  return Object.entries(map).flatMap(([key, entry]) => {
    const route = typeof entry === "object" ? entry.litellm_provider : undefined;
    const provider = route === undefined ? undefined : providers[route];
    if (route === undefined || provider === undefined || !modes.has(entry.mode ?? "")) return [];
    const bare = key.startsWith(`${route}/`) ? key.slice(route.length + 1) : key.replace(/^(?:vertex_ai|gemini|bedrock)\//, "");
    return [{ provider, name: bare.toLowerCase(), entry }];
  });
}

const perMillion = (entry: { [field: string]: unknown }, field: string): number | undefined => {
  const perToken = entry[field];
  return typeof perToken === "number" ? Number((perToken * 1e6).toPrecision(10)) : undefined;
};

/** `input_cost_per_token` with its `_above_272k_tokens` steps. suffix  `_flex`, `_priority`, `_batches`, or nothing. */
function rate(entry: LiteLlmEntry, field: string, suffix: string): Rate | undefined {
  const base = perMillion(entry, field + suffix);
  if (base === undefined) return suffix === "" ? ranges(entry, field) : undefined;
  const steps: number[] = [];
  for (const key of Object.keys(entry)) {
    const step = new RegExp(`^${field}_above_(\\d+)k_tokens${suffix}$`).exec(key);
    const price = step && perMillion(entry, key);
    if (step && price != null) steps.push(Number(step[1]) * 1000, price);
  }
  return steps.length > 0 ? [base, ...steps] : base;
}

/** `tiered_pricing`: a price for each range of input tokens. */
function ranges(entry: LiteLlmEntry, field: string): Rate | undefined {
  if (!Array.isArray(entry.tiered_pricing)) return undefined;
  const rate: number[] = [];
  for (const tier of entry.tiered_pricing as { [field: string]: unknown }[]) {
    const price = perMillion(tier, field);
    const start = Array.isArray(tier.range) ? Number(tier.range[0]) : undefined;
    if (price === undefined || start === undefined) return undefined;
    rate.push(...(start === 0 ? [price] : [start, price]));
  }
  return rate.length > 0 ? rate : undefined;
}

export function ratesOf(entry: LiteLlmEntry, suffix = ""): Rates {
  const all: Rates = {
    input: rate(entry, "input_cost_per_token", suffix),
    output: rate(entry, "output_cost_per_token", suffix),
    reasoning: rate(entry, "output_cost_per_reasoning_token", suffix),
    cacheRead: rate(entry, "cache_read_input_token_cost", suffix),
    cacheWrite: rate(entry, "cache_creation_input_token_cost", suffix),
    cacheWrite1h: rate(entry, "cache_creation_input_token_cost_above_1hr", suffix),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Rates;
}

/** Prices of service tiers, by the name in `service_tier`. */
export function tiersOf(entry: LiteLlmEntry): { [tier: string]: Rates } | undefined {
  const tiers: { [tier: string]: Rates } = {};
  for (const [tier, suffix] of [
    ["flex", "_flex"],
    ["priority", "_priority"],
    ["batch", "_batches"],
  ] as const) {
    const rates = ratesOf(entry, suffix);
    if (rates.input !== undefined && rates.output !== undefined) tiers[tier] = rates;
  }
  return Object.keys(tiers).length > 0 ? tiers : undefined;
}
