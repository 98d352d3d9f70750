import type { TokenId } from "@cutaway/core";
import type { AddedToken } from "../added-tokens.ts";
import { maxTokenId, Vocabulary } from "../bpe/vocabulary.ts";
import { writeBytes } from "../json/byte-alphabet.ts";
import { longestContent, mostContent } from "../json/read-added-tokens.ts";
import type { GgufMetadata } from "./gguf-metadata.ts";
import { BYTE, CONTROL, NORMAL, UNKNOWN, USER_DEFINED } from "./token-types.ts";

/**
 * The tokens of a byte-level vocabulary. Ordinary ones are written in the byte alphabet; control, user-defined and unused ones as they are, and
 * no merge makes them. Control tokens (and the unknown token) are special; user-defined ones are found in every text.
 */
export function readVocabulary(metadata: GgufMetadata, specialIds: ReadonlySet<number>): { vocabulary: Vocabulary; addedTokens: AddedToken[] } {
  const tokens = metadata.strings("tokenizer.ggml.tokens");
  const types = metadata.integers("tokenizer.ggml.token_type");
  if (tokens.length === 0 || tokens.length > maxTokenId) throw metadata.bad(`tokenizer.ggml.tokens has ${tokens.length} tokens`);
  if (types && types.length !== tokens.length) throw metadata.bad(`there are ${tokens.length} tokens and ${types.length} token types`);
  const added = new AddedTokens(metadata);
  const writer = new TokenWriter(tokens);
  for (let id = 0; id < tokens.length; id++) {
    const token = tokens[id] as string;
    const type = types?.[id] ?? NORMAL;
    const special = type === CONTROL || type === UNKNOWN || specialIds.has(id);
    if (special || type === USER_DEFINED) added.add(token, id, special);
    if (special || (type !== NORMAL && type !== BYTE)) writer.literal(id, token);
    else if (type === BYTE) writer.byte(id, token);
    else writer.alphabet(id, token);
  }
  const vocabulary = writer.finish();
  const { duplicate } = vocabulary;
  if (duplicate >= 0) throw metadata.bad(`the token ${shown(tokens[duplicate])} occurs twice, the second time as ${duplicate}`);
  return { vocabulary, addedTokens: added.list };
}

class AddedTokens {
  readonly list: AddedToken[] = [];
  readonly #contents = new Set<string>();
  readonly #metadata: GgufMetadata;
  #total = 0;

  constructor(metadata: GgufMetadata) {
    this.#metadata = metadata;
  }

  add(content: string, id: number, special: boolean): void {
    this.#total += content.length;
    if (content.length > longestContent) throw this.#metadata.bad(`token ${id} is special and longer than ${longestContent} characters`);
    if (this.#total > mostContent) throw this.#metadata.bad(`its special tokens hold more than ${mostContent} characters`);
    if (this.#contents.has(content)) throw this.#metadata.bad(`the token ${shown(content)} occurs twice, the second time as ${id}`);
    this.#contents.add(content);
    this.list.push({ content, id: id as TokenId, special, singleWord: false, lstrip: false, rstrip: false });
  }
}

const byteToken = /^<0x([0-9A-Fa-f]{2})>$/;
const utf8 = new TextEncoder();

/** The bytes of tokens, one after the other. */
class TokenWriter {
  readonly #arena: Uint8Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  readonly #unlisted = new Set<number>();
  #used = 0;

  constructor(tokens: readonly string[]) {
    this.#arena = new Uint8Array(3 * tokens.reduce((units, token) => units + token.length, 0) + 4);
    this.#starts = new Int32Array(tokens.length);
    this.#lengths = new Int32Array(tokens.length);
  }

  alphabet(id: number, token: string): void {
    const length = token === "" ? -1 : writeBytes(token, this.#arena, this.#used);
    if (length < 0) this.literal(id, token);
    else this.#add(id, length);
  }

  literal(id: number, token: string): void {
    this.#unlisted.add(id);
    this.#add(id, utf8.encodeInto(token, this.#arena.subarray(this.#used)).written);
  }

  byte(id: number, token: string): void {
    const hex = byteToken.exec(token)?.[1];
    if (hex === undefined) {
      this.alphabet(id, token);
    } else {
      this.#unlisted.add(id);
      this.#arena[this.#used] = Number.parseInt(hex, 16);
      this.#add(id, 1);
    }
  }

  #add(id: number, length: number): void {
    this.#starts[id] = this.#used;
    this.#lengths[id] = length;
    this.#used += length;
  }

  finish(): Vocabulary {
    return new Vocabulary({ arena: this.#arena.slice(0, this.#used + 4), starts: this.#starts, lengths: this.#lengths, unlisted: this.#unlisted });
  }
}

const shown = (token: string | undefined) => JSON.stringify((token ?? "").slice(0, 60));
