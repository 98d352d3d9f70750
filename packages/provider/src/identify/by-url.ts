import type { Identified } from "./identified.ts";

export interface UrlFacts {
  identified?: Identified;
  /** As the price list spells it. */
  provider?: string;
  /** The model, where the URL names it. */
  model?: string;
}

/** What a request's URL tells: the format by path, the provider by host. A relative URL tells the format only. */
export function identifyUrl(url: string | undefined): UrlFacts {
  if (!url) return {};
  const [, host = "", rest = ""] = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)/i.exec(url) ?? [];
  const hostname = host
    .toLowerCase()
    .replace(/^[^@]*@/, "")
    .replace(/:\d+$/, "");
  const path = `/${rest.replace(/^\/+/, "")}`.replace(/\/+$/, "").toLowerCase();
  const provider = providerOf(hostname, path);
  const identified = byHost(hostname, path) ?? byPath(path);
  const model = /\/(?:deployments|model|models)\/([^/:]+(?:%3A[^/:]+)?)(?:\/|:)/i.exec(rest)?.[1];
  return { ...(identified && { identified }), ...(provider !== undefined && { provider }), ...(model !== undefined && { model: decoded(model) }) };
}

function byHost(host: string, path: string): Identified | undefined {
  if (/^bedrock-agent-runtime\./.test(host)) {
    if (path.endsWith("/retrieve")) return { unsupported: "bedrock-retrieve" };
    if (/retrieveandgenerate(stream)?$/.test(path)) return { unsupported: "bedrock-retrieve-and-generate" };
    return { unsupported: "bedrock-agent" };
  }
  if (/^bedrock(-runtime|-mantle)?\./.test(host) || /^\/model\/[^/]+\/(?:invoke|converse)/.test(path)) {
    if (/\/converse(-stream)?$/.test(path)) return { unsupported: "bedrock-converse" };
    if (path.endsWith("/invoke-with-response-stream")) return { unsupported: "bedrock-invoke-stream" };
    if (path.startsWith("/guardrail/")) return { unsupported: "bedrock-guardrail" };
    if (path.endsWith("/invoke")) return path.includes("anthropic") ? { format: "anthropic-messages" } : { unsupported: "bedrock-invoke" };
  }
  if (/(?:^|\.)cohere\.(?:com|ai)$/.test(host)) {
    if (/\/v[12]\/chat$/.test(path)) return { unsupported: "cohere-chat" };
    if (path.endsWith("/rerank")) return { unsupported: "cohere-rerank" };
    if (path.endsWith("/embed")) return { unsupported: "cohere-embed" };
  }
  return undefined;
}

function byPath(path: string): Identified | undefined {
  for (const [pattern, identified] of paths) if (pattern.test(path)) return identified;
  return undefined;
}

const paths: readonly (readonly [RegExp, Identified])[] = [
  [/:(?:stream)?generatecontent$/, { unsupported: "gemini-generate-content" }],
  [/:counttokens$/, { unsupported: "gemini-count-tokens" }],
  [/:(?:batch)?embedcontents?$/, { unsupported: "gemini-embed-content" }],
  [/\/v1[a-z0-9]*\/interactions$/, { unsupported: "gemini-interactions" }],
  [/\/cachedcontents(?:\/[^/]+)?$/, { unsupported: "gemini-cached-content" }],
  [/\/publishers\/anthropic\/models\/[^/]+:(?:stream)?rawpredict$/, { format: "anthropic-messages" }],
  [/\/chat\/completions$/, { format: "openai-chat" }],
  [/\/v1\/messages$|\/anthropic\/messages$|^\/messages$/, { format: "anthropic-messages" }],
  [/\/messages\/count_tokens$/, { unsupported: "anthropic-count-tokens" }],
  [/\/messages\/batches(?:\/|$)/, { unsupported: "anthropic-batches" }],
  [/\/v1\/complete$/, { unsupported: "anthropic-complete" }],
  [/\/responses$/, { format: "openai-responses" }],
  [/\/embeddings$/, { unsupported: "openai-embeddings" }],
  [/\/images\/(?:generations|edits|variations)$/, { unsupported: "openai-images" }],
  [/\/audio\/speech$/, { unsupported: "openai-speech" }],
  [/\/audio\/(?:transcriptions|translations)$/, { unsupported: "openai-transcriptions" }],
  [/\/moderations$/, { unsupported: "openai-moderations" }],
  [/\/v1\/models(?:\/[^/]+)?$/, { unsupported: "openai-models" }],
  [/\/(?:threads|assistants)(?:\/|$)/, { unsupported: "openai-assistants" }],
  [
    /^\/v1\/completions$|\/(?:openai|deployments\/[^/]+)(?:\/v1)?\/completions$|^\/(?:[a-z]+\/)?v1\/completions$/,
    { unsupported: "openai-completions" },
  ],
  [/\/api\/chat$/, { unsupported: "ollama-chat" }],
  [/\/api\/generate$/, { unsupported: "ollama-generate" }],
  [/\/api\/embed(?:dings)?$/, { unsupported: "ollama-embed" }],
  [/\/v1\/traces$/, { unsupported: "otlp-traces" }],
  [/\/rerank$/, { unsupported: "rerank" }],
];

/** Ids as the price list (`@pydantic/genai-prices`) spells them, where it knows the host. */
function providerOf(host: string, path: string): string | undefined {
  if (host === "") return undefined;
  if (host === "router.huggingface.co") {
    const inference = /^\/([a-z0-9-]+)\//.exec(path)?.[1];
    return inference === undefined || inference === "v1" ? "huggingface" : `huggingface_${inference}`;
  }
  return hosts.find(([pattern]) => pattern.test(host))?.[1];
}

const hosts: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|\.)openai\.azure\.com$|(?:^|\.)azure-api\.net$|(?:^|\.)cognitiveservices\.azure\.com$|(?:^|\.)services\.ai\.azure\.com$|(?:^|\.)models\.ai\.azure\.com$/,
    "azure",
  ],
  [/(?:^|\.)api\.openai\.com$/, "openai"],
  [/^api\.anthropic\.com$/, "anthropic"],
  [/^bedrock[a-z-]*\.[a-z0-9-]+\.amazonaws\.com$/, "aws"],
  [/(?:^|\.)googleapis\.com$/, "google"],
  [/^api\.groq\.com$/, "groq"],
  [/^api\.deepseek\.com$/, "deepseek"],
  [/^api\.mistral\.ai$/, "mistral"],
  [/^api\.x\.ai$/, "x-ai"],
  [/^api\.together\.(?:xyz|ai)$/, "together"],
  [/^api\.fireworks\.ai$/, "fireworks"],
  [/^api\.cerebras\.ai$/, "cerebras"],
  [/^(?:api\.)?openrouter\.ai$/, "openrouter"],
  [/^api\.perplexity\.ai$/, "perplexity"],
  [/^api\.moonshot\.[a-z]+$/, "moonshotai"],
  [/^api\.cohere\.(?:ai|com)$/, "cohere"],
  [/^api\.novita\.ai$/, "novita"],
  [/^api\.avian\.io$/, "avian"],
  [/^api\.minimaxi?\.(?:com|io|chat)$/, "minimax"],
  [/^oai\.endpoints\.kepler\.ai\.cloud\.ovh\.net$/, "ovhcloud"],
  [/^api\.z\.ai$/, "zai"],
  [/^open\.bigmodel\.cn$/, "zhipuai"],
  [/^api\.doubleword\.ai$/, "doubleword"],
  [/(?:^|\.)modal\.(?:run|direct)$/, "modal"],
  [/^api\.voyageai\.com$/, "voyageai"],
  [/^dashscope(?:-[a-z]+)?\.aliyuncs\.com$/, "alibaba"],
  [/^api\.portkey\.ai$/, "portkey"],
];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
