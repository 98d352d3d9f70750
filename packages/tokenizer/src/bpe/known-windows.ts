import type { Utf8Buffer } from "./utf8-buffer.ts";

/** Bytes and ids are remembered up to this many bytes in all; beyond, all is forgotten. */
const mostBytes = 6 << 20;
/** Shorter windows are not worth a look: their pieces are known. */
const leastBytes = 2048;
/** Words that go into a window's hash: whether it is the same is then seen word by word. */
const hashedWords = 64;

interface Window {
  bytes: Int32Array;
  length: number;
  count: number;
  /** Absent where it was only counted. */
  ids?: Uint32Array;
}

/** Windows of text and their ids: prompts begin as others did, and a conversation is sent again with every turn. */
export class KnownWindows {
  readonly #windows = new Map<number, Window>();
  #used = 0;

  /** What is known of the window that the buffer holds: its number of tokens, and its ids where it was encoded before. */
  find(text: Utf8Buffer): { readonly count: number; readonly ids?: Uint32Array } | undefined {
    if (text.length < leastBytes) return undefined;
    const window = this.#windows.get(hashOf(text));
    return window && isSame(window, text) ? window : undefined;
  }

  add(text: Utf8Buffer, count: number, ids?: Uint32Array): void {
    if (text.length < leastBytes) return;
    const bytes = text.words.slice(0, Math.ceil(text.length / 4));
    const window: Window = { bytes, length: text.length, count, ...(ids && { ids }) };
    if (this.#used > mostBytes) {
      this.#windows.clear();
      this.#used = 0;
    }
    const hash = hashOf(text);
    const before = this.#windows.get(hash);
    this.#used += bytesOf(window) - (before ? bytesOf(before) : 0);
    this.#windows.set(hash, window);
  }
}

const bytesOf = ({ bytes, ids }: Window): number => 4 * (bytes.length + (ids?.length ?? 0));

function hashOf({ words, length }: Utf8Buffer): number {
  const step = Math.max(1, Math.floor(length / (4 * hashedWords)));
  const end = length >> 2;
  let hash = length;
  for (let at = 0; at < end; at += step) {
    hash = Math.imul(hash ^ (words[at] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(window: Window, { words, bytes, length }: Utf8Buffer): boolean {
  if (window.length !== length) return false;
  const known = window.bytes;
  const whole = length >> 2;
  for (let at = 0; at < whole; at++) if (known[at] !== words[at]) return false;
  const last = known[whole] ?? 0;
  for (let at = 4 * whole; at < length; at++) if (((last >> (8 * (at & 3))) & 0xff) !== bytes[at]) return false;
  return true;
}
