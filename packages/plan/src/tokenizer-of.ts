import { baseModel, namesOf } from "./model-name.ts";

/**
 * The tokenizer of a model, by the family its name belongs to. `exact` only where the vendor has published it for that family;
 * for other language models o200k_base stands in, and a count made with it is an estimate.
 * gpt-oss uses o200k_harmony, whose ids for plain text are those of o200k_base: only the special tokens differ.
 * source  openai/tiktoken `tiktoken/model.py`; gpt-tokenizer 4.0.0, whose list of models goes up to gpt-5.6
 * Only tokenizers that come with Cutaway are named: a model's price and count must not depend on what else is installed.
 */
export function tokenizerOf(model: string): { name: string; exact: boolean } | undefined {
  const names = namesOf(baseModel(model)).map((name) => name.slice(name.lastIndexOf("/") + 1));
  for (const name of names) {
    const family = families.find(({ pattern }) => pattern.test(name));
    if (family) return family.tokenizer;
  }
  return names.some((name) => notText.test(name)) ? undefined : { name: "o200k_base", exact: false };
}

const o200k = { name: "o200k_base", exact: true };
const cl100k = { name: "cl100k_base", exact: true };
const p50k = { name: "p50k_base", exact: true };
const r50k = { name: "r50k_base", exact: true };

/** A family name, then nothing or a suffix after `-` or `:`; `gpt-4` is no prefix of `gpt-4o`. */
const family = (names: string) => new RegExp(`^(?:${names})(?:$|[-:])`);

const families = [
  {
    pattern:
      /^(?:gpt-image|gpt-realtime|gpt-audio|gpt-transcribe|gpt-4o-.*(?:tts|transcribe|realtime|audio)|tts|whisper|dall-e|sora|omni-moderation|text-moderation)/,
    tokenizer: undefined,
  },
  { pattern: family("gpt-4o|chatgpt-4o|gpt-4\\.1|gpt-4\\.5|gpt-5|gpt-5\\.[1-6]|gpt-oss|o1|o3|o4-mini|codex-mini|computer-use"), tokenizer: o200k },
  { pattern: family("gpt-4|gpt-4-turbo|gpt-4-32k|gpt-3\\.5|gpt-3\\.5-turbo|gpt-35-turbo|davinci-002|babbage-002"), tokenizer: cl100k },
  { pattern: /^text-davinci-edit-001$/, tokenizer: { name: "p50k_edit", exact: true } },
  { pattern: /^(?:text-davinci-00[23]|code-(?:davinci|cushman)-00[12])$/, tokenizer: p50k },
  { pattern: /^(?:davinci|curie|babbage|ada|text-(?:davinci|curie|babbage|ada)-001)$/, tokenizer: r50k },
  { pattern: family("text-embedding-ada-002|text-embedding-3-small|text-embedding-3-large"), tokenizer: cl100k },
];

const notText = /(?:^|[-/.])(?:whisper|tts|image|imagen|video|veo|sonic|transcribe|embed|rerank|moderation|davinci|curie|babbage|ada)/;
