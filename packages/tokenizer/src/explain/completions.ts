import { textOf } from "./vocabulary-entries.ts";

/** Bytes that begin characters which text is full of, by how many they lack before their first continuation byte that is given. */
const beginnings: readonly (readonly number[])[] = [
  ...Array.from({ length: 30 }, (_, i) => [0xc2 + i]),
  ...[0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xef].flatMap((lead) => [
    [lead],
    ...[0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0x8c, 0x90, 0x94, 0x98, 0x9c, 0xa0, 0xa4, 0xa8, 0xac, 0xb0, 0xb4, 0xb8, 0xbb, 0xbc, 0xbd].map((next) => [
      lead,
      next,
    ]),
  ]),
  ...[
    [0xf0],
    [0xf0, 0x9f],
    [0xf0, 0x9f, 0x98],
    [0xf0, 0x9f, 0x91],
    [0xf0, 0x9f, 0x8f],
    [0xf0, 0x9f, 0xa4],
    [0xf0, 0x9d],
    [0xf0, 0x9d, 0x90],
    [0xf0, 0xa0],
    [0xf0, 0xa0, 0x80],
  ],
];

/**
 * Texts that hold the bytes, which are not whole characters by themselves: with bytes before them that their first continuation bytes need, and bytes
 * after them that their last character lacks. Up to some 20,000, the likeliest first.
 */
export function completions(bytes: Uint8Array): string[] {
  const isInside = ((bytes[0] ?? 0) & 0xc0) === 0x80;
  const texts: string[] = [];
  for (const before of isInside ? beginnings : [[]]) {
    for (const after of endings(bytes, isInside ? 1 : 64)) {
      const text = textOf(Uint8Array.from([...before, ...bytes, ...after]));
      if (text !== undefined) texts.push(text, ` ${text}`);
    }
  }
  return texts;
}

/** What completes the last character: nothing where it is whole; `most` values for each byte that it lacks, of two lacking bytes 16 for the second. */
function endings(bytes: Uint8Array, most: number): number[][] {
  const lacking = lackingAtEnd(bytes);
  const spread = (values: number) => Array.from({ length: values }, (_, i) => 0x80 + Math.floor((i * 64) / values));
  if (lacking === 0) return [[]];
  if (lacking === 1) return spread(Math.max(most, 16)).map((byte) => [byte]);
  const first = spread(Math.max(most, 4));
  const then = spread(most === 1 ? 2 : 16);
  return first.flatMap((byte) => then.map((next) => (lacking === 2 ? [byte, next] : [byte, next, 0x80])));
}

/** Continuation bytes that the last character still needs. */
export function lackingAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return Math.max(0, (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) - back);
  }
  return 0;
}

/** Whether some text's UTF-8 form holds the bytes in a row. */
export function canBeInUtf8(bytes: Uint8Array): boolean {
  let start = 0;
  while (start < bytes.length && start < 3 && ((bytes[start] as number) & 0xc0) === 0x80) start++;
  const end = bytes.length - lackingFrom(bytes);
  return textOf(bytes.subarray(start, Math.max(start, end))) !== undefined && bytes.every((byte) => byte !== 0xc0 && byte !== 0xc1 && byte < 0xf5);
}

/** Bytes at the end that are the beginning of a character. */
function lackingFrom(bytes: Uint8Array): number {
  if (lackingAtEnd(bytes) === 0) return 0;
  let back = 1;
  while (((bytes[bytes.length - back] as number) & 0xc0) === 0x80) back++;
  return back;
}
