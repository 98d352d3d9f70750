/** How many bytes the valid UTF-8 character at `at` has; 0 where none stands there. Surrogates and longer forms than needed are not valid. */
export function validLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  const follows = (offset: number) => ((bytes[at + offset] ?? 0) & 0xc0) === 0x80;
  if (lead >= 0xc2 && lead < 0xe0) return follows(1) ? 2 : 0;
  const second = bytes[at + 1] ?? 0;
  if (lead >= 0xe0 && lead < 0xf0) {
    if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second >= 0xa0)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead < 0xf0 || lead > 0xf4 || (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second >= 0x90)) return 0;
  return follows(1) && follows(2) && follows(3) ? 4 : 0;
}
