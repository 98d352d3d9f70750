/** The vocabulary as every engine gets it. */
export interface Tokens {
  /** Token id → its bytes; empty for those that are no text. */
  bytes: Uint8Array[];
  /** The token that ends an answer. */
  end: number;
}

/** One engine with a vocabulary. */
export interface Engine {
  /** @throws where it does not take the schema. */
  compile(schema: unknown): Promise<Compiled>;
}

export interface Compiled {
  /** Before the first token of an answer. */
  start(): Promise<Matcher> | Matcher;
}

export interface Matcher {
  /** Which tokens may come: bit `id & 31` of word `id >>> 5`. */
  mask(): Promise<Uint32Array> | Uint32Array;
  accept(id: number): void;
  /** Only ours: why a token may not come. */
  explain?(id: number): unknown;
}

/** The vocabulary is at hand already: what is timed is what the engine makes of it. */
export type LoadEngine = (tokens: Tokens) => Promise<Engine>;
export type EngineName = "cutaway" | "xgrammar" | "transformers";
