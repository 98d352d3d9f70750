const encoder = new TextEncoder();
/** A buffer above this size is given back after use. */
const keep = 1 << 20;
/** Bytes after the text that may be read, and are ignored. */
const margin = 32;

/**
 * One text at a time as UTF-8, in memory that is used again. A lone surrogate becomes U+FFFD (EF BF BD), as in tiktoken.
 * The byte after the text is 0xFF, which is in no text, so that loops over ASCII stop there; those after it are arbitrary.
 */
export class Utf8Buffer {
  bytes = new Uint8Array(1 << 14);
  view = new DataView(this.bytes.buffer);
  words = new Int32Array(this.bytes.buffer);
  length = 0;

  fill(text: string): this {
    const needed = text.length * 3 + margin;
    if (this.bytes.length < needed || (this.bytes.length > keep && needed < keep)) {
      this.bytes = new Uint8Array((Math.max(needed, Math.min(keep, 2 * this.bytes.length)) + 3) & ~3);
      this.view = new DataView(this.bytes.buffer);
      this.words = new Int32Array(this.bytes.buffer);
    }
    this.length = encoder.encodeInto(text, this.bytes).written;
    this.bytes[this.length] = 0xff;
    return this;
  }
}
