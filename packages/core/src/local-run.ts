import type { LanguagePlace, TokenId } from "./call.ts";

/** What the local runtime did with a request: everything that a rule needs to judge a call without the model at hand. */
export interface LocalRun {
  /** The weights: their file's name without folders, SHA-256 (hex), architecture and tensor types, e.g. `Q4_1`. */
  weights: { file: string; sha256?: string; architecture: string; quantization?: string };
  /** `fast`: weights as the file has them, in blocks. `open`: plain float32, open to the inside. Absent in calls of before there were two. */
  engine: { name: string; version: string; threads: number; network?: "fast" | "open" };
  /** Positions this call could use; what the model was trained for. */
  contextSize: number;
  trainedContext: number;
  /** `model`: the file's own chat template. `request`: another one. `none`: raw text. */
  template: { used: "model" | "request" | "none"; modelHasOne: boolean };
  /** Special tokens that the model's own template writes, e.g. `<|im_start|>`: a chat prompt without them is not one. */
  markers: string[];
  /** The model's BOS and end-of-turn tokens, and whether its file asks for a BOS. */
  specials: { bos?: SpecialToken; ends: SpecialToken[]; addBos: boolean };
  /** Of an encoder–decoder: the prompt was read by the encoder, and the decoder began with this token. */
  decoderStart?: SpecialToken;
  /** Tokens of the prompt that were left out, as asked; `at` is where the gap is among the tokens that were kept. */
  dropped?: { tokens: number; of: number; at: "start" | "end" };
  sampler: { order: string[]; greedy: boolean; seed?: number };
  /** The language that the answers were held to. */
  constraint?: ConstraintRun;
  /** Prompt tokens whose keys and values were still there from the call before. */
  reusedTokens?: number;
}

export interface ConstraintRun {
  kind: ConstraintKind;
  /** What of a schema the mask does not hold, and is checked when the answer is there; empty: the mask is exact. */
  checkedAfter: (LanguagePlace & { says: string })[];
  /** What somebody may not expect: a format that is no known one, an order of properties. */
  notices: string[];
  /** Milliseconds that it took to make it of its source. */
  compileMs: number;
}

export type ConstraintKind = "json-schema" | "json" | "regex" | "gbnf" | "lark" | "choice";

export interface SpecialToken {
  id: TokenId;
  text: string;
}
