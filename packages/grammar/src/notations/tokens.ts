import type { Cursor } from "./cursor.ts";

/** The token that the text of a special token stands for, or undefined where there is none. */
export type TokenIds = (text: string) => number | undefined;

/** `<name>` or `<[id]>` at the cursor, which stands at the angle bracket. */
export const readToken = (cursor: Cursor, tokenId: TokenIds | undefined): number => {
  const position = cursor.position;
  const byId = cursor.match(/<\[(\d{1,9})\]>/y);
  if (byId !== undefined) return Number(byId[1]);
  const byText = cursor.match(/<[^<>\s][^<>\r\n]*>/y);
  if (byText === undefined) throw cursor.invalid("a token is written <name> or <[number]>", position);
  if (tokenId === undefined)
    throw cursor.unsupported(`tokens can be named only where a vocabulary is known`, position, "Give a model, or the token's number.");
  const id = tokenId(byText[0]);
  if (id === undefined) throw cursor.invalid(`the vocabulary has no special token ${byText[0]}`, position);
  return id;
};
