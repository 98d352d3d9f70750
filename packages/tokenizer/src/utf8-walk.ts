import type { Utf8Buffer } from "./bpe/utf8-buffer.ts";

/** The bits that four bytes of ASCII do not have. */
const notAscii = 0x8080_8080 | 0;
const maximum = 0x3fff_ffff;

/** A place between characters of a text, by its byte in the UTF-8 form and by its UTF-16 unit. It only moves forwards. */
export class Utf8Walk {
  byte = 0;
  unit = 0;
  /** Up to this byte all from `byte` on are known to be ASCII. */
  #plainEnd = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor({ bytes, view }: Utf8Buffer) {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** To the first place at the unit or behind it. */
  toUnit(unit: number): void {
    this.#go(unit, maximum);
  }

  /** To the first place at the byte or behind it. */
  toByte(byte: number): void {
    this.#go(maximum, byte);
  }

  #go(toUnit: number, toByte: number): void {
    const bytes = this.#bytes;
    let { byte, unit } = this;
    while (unit < toUnit && byte < toByte) {
      const lead = bytes[byte] as number;
      if (lead >= 0x80) {
        // As many bytes as the first has ones before its first zero.
        byte += Math.clz32(~(lead << 24));
        unit += lead < 0xf0 ? 1 : 2;
      } else {
        if (byte >= this.#plainEnd) this.#plainEnd = this.#endOfPlain(byte);
        const step = Math.min(toUnit - unit, toByte - byte, this.#plainEnd - byte);
        byte += step;
        unit += step;
      }
    }
    this.byte = byte;
    this.unit = unit;
  }

  /** Where a run of ASCII ends, or a place in it before that. Behind the text stands a byte that is not ASCII. */
  #endOfPlain(byte: number): number {
    const view = this.#view;
    let end = byte;
    while ((view.getInt32(end, true) & notAscii) === 0) end += 4;
    return Math.max(end, byte + 1);
  }
}
