import type { Tokenizer } from "@cutaway/core";
import { fromWordPieceVocabulary } from "../wordpiece/from-vocabulary.ts";
import type { GgufMetadata } from "./gguf-metadata.ts";
import { CONTROL, NORMAL, UNKNOWN } from "./token-types.ts";

const mark = "▁";

/**
 * `tokenizer.ggml.model` = `bert`: converters write ▁ before what starts a word, and nothing before what continues one. The ids are those of the
 * tokenizer that the model was trained with; llama.cpp reads Hangul, the marks of Indic scripts, the byte order mark and very long words otherwise.
 */
export function wordPieceFromGguf(metadata: GgufMetadata): Tokenizer {
  const tokens = metadata.strings("tokenizer.ggml.tokens");
  const types = metadata.integers("tokenizer.ggml.token_type");
  if (types && types.length !== tokens.length) throw metadata.bad(`there are ${tokens.length} tokens and ${types.length} token types`);
  const pieces = tokens.map((token, id) => {
    const type = types?.[id] ?? NORMAL;
    if (type === CONTROL || type === UNKNOWN || /^\[.+\]$/.test(token)) return token;
    return token.startsWith(mark) ? token.slice(mark.length) : `##${token}`;
  });
  return fromWordPieceVocabulary({ name: metadata.name, pieces });
}
