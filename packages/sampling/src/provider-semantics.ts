/** What a provider's API takes for sampling, and how it reads it, as known in late 2026: the API has the last word, and models differ. */
export interface ProviderSemantics {
  provider: string;
  /** Where it is documented. */
  source: string;
  parameters: ProviderParameter[];
  /** How they work together, for a person to read. */
  notes: string[];
}

export interface ProviderParameter {
  /** Its name in the body. */
  name: string;
  /** The parameter of `Parameters` that it is. */
  parameter: string;
  low?: number;
  high?: number;
  default?: number;
  /** What it does there where that is not what the name says elsewhere, and which models refuse it. */
  says?: string;
}

const openAiSampling: ProviderParameter[] = [
  { name: "temperature", parameter: "temperature", low: 0, high: 2, default: 1, says: "reasoning models refuse any value but the default" },
  {
    name: "top_p",
    parameter: "topP",
    low: 0,
    high: 1,
    default: 1,
    says: "to be changed instead of temperature, not beside it; reasoning models refuse it",
  },
];

export const providerSemantics: Record<string, ProviderSemantics> = {
  "openai-chat": {
    provider: "OpenAI, chat completions",
    source: "https://platform.openai.com/docs/api-reference/chat/create",
    parameters: [
      ...openAiSampling,
      {
        name: "frequency_penalty",
        parameter: "frequencyPenalty",
        low: -2,
        high: 2,
        default: 0,
        says: "subtracted from a logit once for each time the token was sampled: the answer counts, not the prompt",
      },
      { name: "presence_penalty", parameter: "presencePenalty", low: -2, high: 2, default: 0, says: "subtracted once from tokens that were sampled" },
      {
        name: "logit_bias",
        parameter: "logitBias",
        low: -100,
        high: 100,
        says: "added before sampling, by token id of the model's own tokenizer; at -100 and 100 a token is as good as banned or forced",
      },
      { name: "seed", parameter: "seed", says: "best effort: system_fingerprint tells when the backend changed" },
      { name: "n", parameter: "n", low: 1, high: 128, default: 1 },
      { name: "logprobs", parameter: "logprobs", says: "of the model before sampling: no temperature and no bias is in them" },
      { name: "top_logprobs", parameter: "topLogprobs", low: 0, high: 20, default: 0, says: "needs logprobs" },
    ],
    notes: [
      "No top_k, no min_p and no repetition penalty.",
      "temperature 0 is nearly, not surely, the most probable token: batches on the server change sums.",
    ],
  },
  "openai-responses": {
    provider: "OpenAI, responses",
    source: "https://platform.openai.com/docs/api-reference/responses/create",
    parameters: [...openAiSampling, { name: "top_logprobs", parameter: "topLogprobs", low: 0, high: 20, default: 0 }],
    notes: ["No penalties, no logit_bias, no seed, no stop, no n."],
  },
  "anthropic-messages": {
    provider: "Anthropic, messages",
    source: "https://docs.claude.com/en/api/messages",
    parameters: [
      {
        name: "temperature",
        parameter: "temperature",
        low: 0,
        high: 1,
        default: 1,
        says: "its scale ends at 1; newer models take temperature or top_p, not both; with extended thinking it must be 1",
      },
      { name: "top_p", parameter: "topP", low: 0, high: 1, says: "with extended thinking only from 0.95 to 1" },
      { name: "top_k", parameter: "topK", low: 0, says: "refused with extended thinking" },
    ],
    notes: ["No seed, no logprobs, no penalties, no n.", "temperature 0 is not fully deterministic."],
  },
  gemini: {
    provider: "Google, Gemini generateContent",
    source: "https://ai.google.dev/api/generate-content#generationconfig",
    parameters: [
      { name: "temperature", parameter: "temperature", low: 0, high: 2, says: "the default is the model's own" },
      { name: "topP", parameter: "topP", low: 0, high: 1, says: "together with topK: both cuts apply" },
      { name: "topK", parameter: "topK", low: 1, says: "some models have none, and refuse it" },
      {
        name: "frequencyPenalty",
        parameter: "frequencyPenalty",
        says: "grows with every use of the token in the answer so far; negative values can repeat until the cap",
      },
      { name: "presencePenalty", parameter: "presencePenalty", says: "once, for tokens of the answer so far" },
      { name: "seed", parameter: "seed" },
      { name: "candidateCount", parameter: "n", low: 1, high: 8, default: 1 },
      { name: "responseLogprobs", parameter: "logprobs" },
      { name: "logprobs", parameter: "topLogprobs", low: 0, high: 20, says: "needs responseLogprobs" },
    ],
    notes: ["top_k first, then top_p, then the draw at the temperature, as its documentation of sampling says."],
  },
};
