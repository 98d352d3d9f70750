import { longestName } from "./model-name.ts";

/** Spellings of a provider in URLs, price lists and gateways → the one used in the embedded lists. */
const aliases: Record<string, string> = {
  bedrock: "aws",
  "amazon-bedrock": "aws",
  amazon: "aws",
  azure_ai: "azure",
  "azure-openai": "azure",
  vertex: "google",
  vertex_ai: "google",
  gemini: "google",
  xai: "x-ai",
  mistralai: "mistral",
  moonshot: "moonshotai",
  together_ai: "together",
  "together-ai": "together",
  fireworks_ai: "fireworks",
  dashscope: "alibaba",
};

export const providerId = (name: string): string => {
  const id = name.trim().toLowerCase();
  return Object.hasOwn(aliases, id) ? (aliases[id] as string) : id;
};

/** Who publishes models of their own; where the provider is unknown these are asked, in this order. */
export const vendors = ["openai", "anthropic", "google", "deepseek", "mistral", "x-ai", "moonshotai", "alibaba"] as const;

/** A provider that the name itself tells: `azure/gpt-4o`, `us.anthropic.claude-…-v1:0`, `openrouter/…`. */
export function providerInName(model: string, known: (provider: string) => boolean): string | undefined {
  const name = model.slice(0, longestName).trim().toLowerCase();
  const slash = name.indexOf("/");
  if (slash > 0) {
    const first = providerId(name.slice(0, slash));
    if (known(first)) return first;
  }
  return isBedrockName(name) ? "aws" : undefined;
}

/** `us.anthropic.claude-…`, `openai.gpt-oss-120b-1:0`: only Bedrock puts the vendor before a dot. */
export const isBedrockName = (model: string): boolean =>
  /^(?:[a-z-]{2,6}\.)?(?:anthropic|amazon|meta|mistral|deepseek|qwen|openai)\.[a-z]/i.test(model.slice(0, longestName).trim());
