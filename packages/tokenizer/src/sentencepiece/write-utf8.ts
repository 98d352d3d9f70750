/** Writes a short text as UTF-8 from `at` on, faster than a call of TextEncoder. A lone surrogate becomes U+FFFD. Returns where it ends. */
export function writeUtf8(text: string, target: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      target[at++] = unit;
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6);
      target[at++] = 0x80 | (unit & 0x3f);
    } else {
      const code = unit >= 0xd800 && unit < 0xe000 ? (text.codePointAt(index) as number) : unit;
      if (code >= 0x10000) {
        index++;
        target[at++] = 0xf0 | (code >> 18);
        target[at++] = 0x80 | ((code >> 12) & 0x3f);
      } else {
        const scalar = code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
        target[at++] = 0xe0 | (scalar >> 12);
        target[at++] = 0x80 | ((scalar >> 6) & 0x3f);
        target[at++] = 0x80 | (scalar & 0x3f);
        continue;
      }
      target[at++] = 0x80 | ((code >> 6) & 0x3f);
      target[at++] = 0x80 | (code & 0x3f);
    }
  }
  return at;
}
