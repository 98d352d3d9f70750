/** How much a model takes and gives, in tokens. */
export interface ModelLimits {
  /** Input and output together. */
  window: number;
  /** The largest input, where it is capped below the window. */
  maxInput?: number;
  output?: number;
  /** Smallest prefix that a prompt cache keeps. */
  cacheMin?: number;
  /** The window as the other source has it, where they disagree. */
  other?: number;
  /** Index of the source; 0 where absent. */
  by?: number;
}

export interface Limits {
  sources: { name: string; version?: string; date: string }[];
  providers: { [provider: string]: { [model: string]: ModelLimits } };
}
