export { fromTiktokenRanks, type TiktokenRanks } from "./from-tiktoken-ranks.ts";
export { fromTokenizerJson } from "./from-tokenizer-json.ts";
export { fromGguf } from "./gguf/from-gguf.ts";
export { type GgufSpecials, ggufSpecials } from "./gguf/gguf-specials.ts";
export { type StreamDecoder, streamDecoder } from "./stream-decoder.ts";
