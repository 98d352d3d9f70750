export { fromTiktokenRanks, type TiktokenRanks } from "./from-tiktoken-ranks.ts";
export { fromTokenizerJson } from "./from-tokenizer-json.ts";
