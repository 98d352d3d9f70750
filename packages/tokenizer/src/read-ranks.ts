import { CutawayError } from "@cutaway/core";
import { maxTokenId, Vocabulary } from "./bpe/vocabulary.ts";

/**
 * Reads a list of tokens by rank, as tiktoken publishes them. Two forms, told apart by their first byte:
 * lines `BASE64 RANK` (`*.tiktoken` files), and runs `! FIRST_RANK BASE64 BASE64 …` (the npm package's compact form).
 * throws `bad-vocabulary` for anything else, naming the byte at which it was noticed.
 */
export function readRanks(file: Uint8Array, name: string): Vocabulary {
  const compact = file[0] === 0x21;
  const layout = measure(file, name, compact);
  const vocabulary = new Vocabulary(layout);
  eachToken(file, name, compact, (start, end, rank) => {
    if (vocabulary.has(rank)) throw bad(name, `rank ${rank} is given twice`, start);
    const length = decodeBase64(file, start, end, vocabulary.arena, vocabulary.used);
    if (length <= 0) throw bad(name, "a token is not base64", start);
    if (!vocabulary.addWritten(rank, length)) throw bad(name, `the bytes of rank ${rank} already have another rank`, start);
  });
  return vocabulary;
}

function measure(file: Uint8Array, name: string, compact: boolean) {
  const layout = { ids: 0, tokens: 0, bytes: 0 };
  eachToken(file, name, compact, (start, end, rank) => {
    layout.ids = Math.max(layout.ids, rank + 1);
    layout.tokens++;
    layout.bytes += ((end - start) >> 2) * 3;
  });
  if (layout.tokens === 0) throw bad(name, "there is no token in it", 0);
  if (layout.ids > 2 * layout.tokens + 100_000) throw bad(name, `it has ${layout.tokens} tokens, yet ranks up to ${layout.ids - 1}`, 0);
  return layout;
}

function eachToken(file: Uint8Array, name: string, compact: boolean, visit: (start: number, end: number, rank: number) => void): void {
  let at = 0;
  const word = (): number => {
    while (at < file.length && isSpace(file[at] as number)) at++;
    const start = at;
    while (at < file.length && !isSpace(file[at] as number)) at++;
    return start;
  };
  const rankWord = (): number => {
    const start = word();
    let rank = 0;
    for (let i = start; i < at; i++) {
      const digit = (file[i] as number) - 0x30;
      rank = rank * 10 + digit;
      if (digit < 0 || digit > 9 || rank > maxTokenId) throw bad(name, "a rank is not a number in range", start);
    }
    if (at === start) throw bad(name, "a rank is missing", start);
    return rank;
  };

  if (!compact) {
    for (let start = word(); at > start; start = word()) {
      const end = at;
      visit(start, end, rankWord());
    }
    return;
  }
  let rank = 0;
  for (let start = word(); at > start; start = word()) {
    if (at === start + 1 && file[start] === 0x21) rank = rankWord();
    else visit(start, at, rank++);
  }
}

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d;

const sextets = new Int8Array(256).fill(-1);
for (const [value, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  sextets[character.charCodeAt(0)] = value;

/** Decodes padded base64 into `target` from `to` on; the number of bytes, or -1 where it is not base64. */
function decodeBase64(source: Uint8Array, start: number, end: number, target: Uint8Array, to: number): number {
  if ((end - start) & 3) return -1;
  const padding = source[end - 2] === 0x3d ? 2 : source[end - 1] === 0x3d ? 1 : 0;
  let out = to;
  let bad = 0;
  for (let at = start; at < end; at += 4) {
    const last = at + 4 === end;
    const a = sextets[source[at] as number] as number;
    const b = sextets[source[at + 1] as number] as number;
    const c = last && padding === 2 ? 0 : (sextets[source[at + 2] as number] as number);
    const d = last && padding > 0 ? 0 : (sextets[source[at + 3] as number] as number);
    bad |= a | b | c | d;
    target[out++] = (a << 2) | (b >> 4);
    target[out++] = (b << 4) | (c >> 2);
    target[out++] = (c << 6) | d;
  }
  return bad < 0 ? -1 : out - to - padding;
}

function bad(name: string, what: string, at: number): CutawayError {
  return new CutawayError("bad-vocabulary", `${name} is not a list of token ranks: ${what} (byte ${at})`, {
    fix: "Give a .tiktoken file: one line per token, its bytes in base64 and its rank.",
    data: { name, at },
  });
}
