/** What is looked into: a model's file, and the text that it reads, as text or as the tokens of a call. */
export type Subject = { path: string } & (
  | { text: string }
  | {
      prompt: readonly number[];
      answer: readonly number[];
      /** Of an encoder–decoder: the prompt was read by the encoder, and the decoder began with this token. */
      start?: number;
    }
);
