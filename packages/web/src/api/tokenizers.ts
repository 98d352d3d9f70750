import type { TokenId, TokenizerFamily, TokenKind, TracePiece } from "@cutaway/core";
import { bytesFromJson, type Span } from "@cutaway/core";
import { errorOf } from "./api-error.ts";
import { reach } from "./client.ts";
import { readFrame } from "./frame.ts";

export interface ListedTokenizer {
  name: string;
  from: "installed" | "model" | "upload";
  /** Of an installed one, the models that read so. */
  models?: string;
}

export interface InputPrice {
  provider: string;
  model: string;
  /** US dollars per million input tokens. */
  input: number;
  tokenizer: { name: string; exact: boolean };
}

export interface Prices {
  source: { name: string; date: string };
  models: InputPrice[];
}

export interface EncodeRequest {
  tokenizer: string;
  text: string;
  special: boolean;
  add: boolean;
}

/** Tokens of a text as the server packs them. */
export interface PackedTokens {
  family: TokenizerFamily;
  vocabSize: number;
  bytes: number;
  /** With what post-processing adds; false where nobody asked for it, or the tokenizer does not say. */
  added: boolean;
  kinds: readonly TokenKind[];
  ids: Uint32Array;
  /** UTF-16 units of the text. */
  starts: Uint32Array;
  ends: Uint32Array;
  /** Each id once, ascending, with what it is. */
  entryIds: Uint32Array;
  entryKinds: Uint8Array;
  entryEnds: Uint32Array;
  entryBytes: Uint8Array;
}

/** How one token came to be. Spans are UTF-16 ranges of the whole text. */
export interface TokenOrigin {
  id: TokenId;
  kind: TokenKind;
  /** It belongs to what post-processing put around the text. */
  added?: true;
  stretch?:
    | { kind: "added-token"; id: TokenId; content: string; special: boolean; span: Span }
    | {
        kind: "text";
        span: Span;
        normalizations: { step: string; text: string }[];
        /** Pieces of the stretch in the window that was traced. */
        pieces: number;
        around: { text: string; span: Span; tokens: number }[];
        current: number;
      };
  piece?: TracePiece;
  /** The family does not split a text: the piece is the part of it around the token. */
  partial?: true;
  /** Of the piece among all of the text's pieces, from 0; absent where only a part of the text was traced. */
  number?: number;
  /** UTF-8 range of the piece in the whole text. */
  bytes?: Span;
  window: Span;
}

export const tokenizersApi = {
  list: async (signal?: AbortSignal): Promise<ListedTokenizer[]> =>
    ((await json(await reach("/api/tokenizers", { signal: signal ?? null }))) as { tokenizers: ListedTokenizer[] }).tokenizers,

  prices: async (signal?: AbortSignal): Promise<Prices> => (await json(await reach("/api/prices", { signal: signal ?? null }))) as Prices,

  upload: async (file: File): Promise<{ name: string }> =>
    (await json(await reach(`/api/tokenizers?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file }))) as { name: string },

  encode: async (request: EncodeRequest, signal?: AbortSignal): Promise<PackedTokens> => {
    const response = await post("/api/tokenizers/encode", { ...request }, signal);
    if (!response.ok) throw errorOf(response.status, await response.text());
    const { head, arrays } = readFrame<Pick<PackedTokens, "family" | "vocabSize" | "bytes" | "added" | "kinds">>(
      await response.arrayBuffer(),
      "cutaway/packed-tokens",
    );
    return { ...head, ...(arrays as unknown as Omit<PackedTokens, keyof typeof head>) };
  },

  trace: async (request: EncodeRequest & { token: number }, signal?: AbortSignal): Promise<TokenOrigin> =>
    originFromJson((await json(await post("/api/tokenizers/trace", { ...request }, signal))) as TokenOrigin),
};

export function post(url: string, { text, ...rest }: { text?: string; [field: string]: unknown }, signal?: AbortSignal): Promise<Response> {
  const fields = JSON.stringify(rest);
  const body = text === undefined ? fields : `{"text":${quoted(text)}${fields === "{}" ? "}" : `,${fields.slice(1)}`}`;
  return reach(url, { method: "POST", body, headers: { "content-type": "application/json" }, signal: signal ?? null });
}

let lastQuoted: { text: string; json: string } | undefined;

/** A long text goes to several tokenizers in turn, and is made into JSON once. */
function quoted(text: string): string {
  if (lastQuoted?.text !== text) lastQuoted = { text, json: JSON.stringify(text) };
  return lastQuoted.json;
}

export async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw errorOf(response.status, text);
  return JSON.parse(text);
}

/** Bytes are text or base64 in JSON. */
function originFromJson(origin: TokenOrigin): TokenOrigin {
  const { piece } = origin;
  if (!piece) return origin;
  const revived = <T extends { bytes: Uint8Array }>(one: T): T => ({ ...one, bytes: bytesFromJson(one.bytes) });
  const { found } = piece;
  return {
    ...origin,
    piece: {
      ...piece,
      tokens: piece.tokens.map(revived),
      found: found.by === "merges" ? { ...found, symbols: found.symbols.map(revived) } : found,
    },
  };
}
