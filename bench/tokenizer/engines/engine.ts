/** What every engine under test can do: o200k_base, special tokens as plain text. */
export interface Engine {
  encode(text: string): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Where the engine has a way that builds no list of ids. */
  count?(text: string): number;
  /** For an engine that remembers texts or their pieces: from here on it is as if it had not seen any. */
  forget?(): void | Promise<void>;
}

export type LoadEngine = () => Promise<Engine>;

export const engineNames = ["cutaway", "gpt-tokenizer", "ai-tokenizer", "tiktoken", "kitoken", "hf-rust"] as const;
export type EngineName = (typeof engineNames)[number];

/** The npm package of each peer. */
export const packageOf: Record<Exclude<EngineName, "cutaway">, string> = {
  "gpt-tokenizer": "gpt-tokenizer",
  "ai-tokenizer": "ai-tokenizer",
  tiktoken: "tiktoken",
  kitoken: "kitoken",
  "hf-rust": "@anush008/tokenizers",
};
