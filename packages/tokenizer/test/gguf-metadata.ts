import type { GgufValue } from "@cutaway/formats";

export interface VocabularyFixture {
  model: { vocab: Record<string, number>; merges: string[] };
  added: { id: number; content: string; special: boolean }[];
}

/** The metadata that a GGUF file of this vocabulary would have. `without`: entries whose tokens are not in the vocabulary, though their ids are. */
export function ggufMetadata(pre: string, { model, added }: VocabularyFixture, without: string[] = []): Map<string, GgufValue> {
  const size = Object.keys(model.vocab).length + added.length;
  const tokens = Array.from({ length: size }, (_, id) => `[unused ${id}]`);
  const types = new Int32Array(size).fill(5);
  for (const [token, id] of Object.entries(model.vocab)) {
    if (without.includes(token)) continue;
    tokens[id] = token;
    types[id] = 1;
  }
  for (const { id, content, special } of added) {
    tokens[id] = content;
    types[id] = special ? 3 : 4;
  }
  const present = (text: string) => model.vocab[text] !== undefined && !without.includes(text);
  return new Map<string, GgufValue>([
    ["tokenizer.ggml.model", "gpt2"],
    ["tokenizer.ggml.pre", pre],
    ["tokenizer.ggml.tokens", tokens],
    ["tokenizer.ggml.token_type", types],
    ["tokenizer.ggml.merges", model.merges.filter((merge) => [...merge.split(" "), merge.replace(" ", "")].every(present))],
  ]);
}
