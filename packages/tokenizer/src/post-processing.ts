import type { TokenId } from "@cutaway/core";

/** What a tokenizer's post-processing puts around a text: BOS, EOS, [CLS], [SEP]. Both empty where it is known to put nothing. */
export interface AddedAround {
  before: TokenId[];
  after: TokenId[];
}

export const nothingAdded: AddedAround = { before: [], after: [] };
