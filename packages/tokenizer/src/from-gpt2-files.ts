import { isJsonObject, type JsonObject, type JsonValue, type Tokenizer } from "@cutaway/core";
import { fromTokenizerJson } from "./from-tokenizer-json.ts";

export interface Gpt2Files {
  name: string;
  /** `vocab.json` or `encoder.json`: ids by token, written in the byte alphabet. */
  vocab: JsonValue;
  /** `merges.txt` or `vocab.bpe`: a merge a line, the first with the lowest rank. */
  merges: string;
}

const specials = ["<|endoftext|>", "<s>", "</s>", "<pad>", "<unk>", "<mask>"];

/**
 * A byte-level BPE from the pair of files in which GPT-2 was published, and RoBERTa and BART after it. The special tokens are those of these three
 * that the vocabulary has.
 * throws  what `fromTokenizerJson` throws, with the fields named as in a tokenizer.json.
 */
export function fromGpt2Files({ name, vocab, merges }: Gpt2Files): Tokenizer {
  const lines = merges.split(/\r?\n/).filter((line) => line !== "");
  const json: JsonObject = {
    model: {
      type: "BPE",
      vocab,
      merges: lines[0]?.startsWith("#version") ? lines.slice(1) : lines,
      ...(endsWords(vocab) && { end_of_word_suffix: "</w>" }),
    },
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true },
    added_tokens: specials.flatMap((content) => {
      const id = isJsonObject(vocab) && Object.hasOwn(vocab, content) ? vocab[content] : undefined;
      return id === undefined ? [] : [{ id, content, special: true, normalized: false }];
    }),
  };
  return fromTokenizerJson(json, name);
}

/** GPT-1 and CLIP mark the ends of words, and are another family. */
const endsWords = (vocab: JsonValue): boolean => isJsonObject(vocab) && Object.hasOwn(vocab, "a</w>");
