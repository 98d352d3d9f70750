import type { ByteText } from "./piece-model.ts";
import type { TokenList } from "./token-list.ts";
import { characterLength } from "./utf8-length.ts";

/** Puts the tokens of a run of characters that no piece covers. */
export type PushUnknown = (text: ByteText, start: number, end: number, to: TokenList) => void;

/** One unknown token for all of them. */
export const unknownAsToken =
  (id: number): PushUnknown =>
  (_text, start, end, to) =>
    to.push(id, start, end);

/** The piece of each byte; every one covers the whole character. */
export function unknownAsBytes(ids: Int32Array): PushUnknown {
  return ({ bytes }, start, end, to) => {
    for (let at = start; at < end; ) {
      const after = Math.min(end, at + characterLength(bytes[at] as number));
      for (let byte = at; byte < after; byte++) to.push(ids[bytes[byte] as number] as number, at, after);
      at = after;
    }
  };
}
