/** What an error text says about lengths, in tokens. */
export interface ContextNumbers {
  /** Who words it so. */
  wording: string;
  window?: number;
  /** Prompt tokens. */
  prompt?: number;
  /** The server stopped counting the prompt there. */
  isAtLeast?: boolean;
  /** The cap on output tokens that was asked for. */
  output?: number;
  /** Prompt and cap together. */
  requested?: number;
}

/**
 * Reads the numbers out of the texts with which providers and servers say that a prompt is too long.
 * returns undefined for a text that is none of them
 */
export function contextNumbers(message: string): ContextNumbers | undefined {
  const text = message.slice(0, 4_000);
  for (const { wording, pattern } of wordings) {
    const match = pattern.exec(text);
    if (!match) continue;
    const numbers: ContextNumbers = { wording };
    for (const name of ["window", "prompt", "output", "requested"] as const) {
      const digits = match.groups?.[name]?.replace(/[,_]/g, "");
      if (digits) numbers[name] = Number(digits);
    }
    if (match.groups?.atLeast) numbers.isAtLeast = true;
    return numbers;
  }
  return undefined;
}

const wordings: { wording: string; pattern: RegExp }[] = [
  {
    wording: "vLLM",
    pattern:
      /max_(?:completion_)?tokens'?(?: or '?max_(?:completion_)?tokens'?)? is too large: (?<output>[\d,]+)[\s\S]{0,60}?maximum context length is (?<window>[\d,]+) tokens[\s\S]{0,60}?has (?<prompt>[\d,]+) input tokens/i,
  },
  {
    wording: "OpenAI or vLLM",
    pattern:
      /maximum context length is (?<window>[\d,]+) tokens[\s\S]{0,80}?requested (?<requested>[\d,]+) tokens \((?<prompt>[\d,]+) in (?:the|your) (?:messages|prompt|input)[\s\S]{0,60}?(?<output>[\d,]+) (?:in|for) the (?:completion|output)/i,
  },
  {
    wording: "vLLM",
    pattern:
      /maximum context length is (?<window>[\d,]+) tokens[\s\S]{0,20}?requested (?<output>[\d,]+) output tokens and[^.]{0,40}?(?:contains|has|have)(?<atLeast> at least)? (?<prompt>[\d,]+) input tokens/i,
  },
  {
    wording: "OpenAI or vLLM",
    pattern:
      /maximum context length is (?<window>[\d,]+) tokens[\s\S]{0,60}?(?:messages|prompt|request|input)[^.]{0,40}?(?:resulted in|contains|has|have)(?<atLeast> at least)? (?<prompt>[\d,]+) (?:input )?tokens/i,
  },
  {
    wording: "vLLM",
    pattern:
      /requested (?<output>[\d,]+) output tokens and[\s\S]{0,40}?(?<prompt>[\d,]+) input tokens[\s\S]{0,120}?maximum context length (?:is|of) (?:only )?(?<window>[\d,]+)/i,
  },
  {
    wording: "vLLM",
    pattern: /prompt \((?:length )?(?<prompt>[\d,]+)(?: tokens)?\)[\s\S]{0,60}?longer than the maximum model length of (?<window>[\d,]+)/i,
  },
  {
    wording: "Anthropic",
    pattern: /input length and `?max_tokens`? exceed context limit: (?<prompt>[\d,]+) \+ (?<output>[\d,]+) > (?<window>[\d,]+)/i,
  },
  { wording: "Anthropic", pattern: /prompt is too long: (?<prompt>[\d,]+) tokens > (?<window>[\d,]+) maximum/i },
  {
    wording: "Text Generation Inference",
    pattern:
      /`?inputs`? tokens \+ `?max_new_tokens`? must be <= (?<window>[\d,]+)\. Given: (?<prompt>[\d,]+) `?inputs`? tokens and (?<output>[\d,]+) `?max_new_tokens`?/i,
  },
  { wording: "Text Generation Inference", pattern: /`?inputs`? must have less than (?<window>[\d,]+) tokens\. Given: (?<prompt>[\d,]+)/i },
  { wording: "llama.cpp", pattern: /request \((?<prompt>[\d,]+) tokens\) exceeds the available context size \((?<window>[\d,]+) tokens\)/i },
  { wording: "llama.cpp", pattern: /the request exceeds the available context size/i },
  { wording: "Gemini", pattern: /input token count \(?(?<prompt>[\d,]+)\)? exceeds the maximum number of tokens allowed \(?(?<window>[\d,]+)\)?/i },
  {
    wording: "Mistral",
    pattern: /prompt contains (?<prompt>[\d,]+) tokens[\s\S]{0,80}?(?:model with|maximum context length(?: of)?) (?<window>[\d,]+)/i,
  },
  {
    wording: "Cohere",
    pattern: /too many tokens:[\s\S]{0,60}?size limit exceeded by [\d,]+ tokens|total number of tokens[\s\S]{0,60}?exceeds? (?<window>[\d,]+)/i,
  },
  { wording: "Bedrock", pattern: /input is too long for requested model/i },
  { wording: "DeepSeek or Groq", pattern: /reduce the length of the (?:messages|input|prompt)/i },
  { wording: "OpenAI", pattern: /your input exceeds the context window of this model/i },
  {
    wording: "a server",
    pattern:
      /(?:maximum context length|context length exceeded|context_length_exceeded|exceed(?:s|ed)? the (?:model's )?(?:maximum )?context|prompt is too long)/i,
  },
];
