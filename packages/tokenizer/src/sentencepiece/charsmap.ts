import { CutawayError } from "@cutaway/core";

/** The longest replacement that is believed: NFKC's has 54 bytes. */
const longestReplacement = 1024;
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * A precompiled map of characters: which bytes give way to which, the longest rule first. It is a double array (as darts-clone writes it) whose
 * values are places in a list of replacements, each ended by a zero byte.
 * source  google/sentencepiece, src/normalizer.cc (format); S. Yata, darts-clone, include/darts.h (units of the array)
 */
export class Charsmap {
  readonly #units: Uint32Array;
  /** The replacements, one after the other. */
  readonly replacements: Uint8Array;
  readonly #name: string;
  /** Of the rule that `find` found: how many bytes it replaces, and where in `replacements` what it puts stands. */
  matched = 0;
  from = 0;
  to = 0;
  /** A walk may take as many steps as there are bytes to read, and this many more: real maps take a few a byte. */
  #steps = 0;

  /** throws `bad-tokenizer` for a blob that cannot be one. */
  constructor(blob: Uint8Array, name: string) {
    this.#name = name;
    const size = blob.length > 4 ? new DataView(blob.buffer, blob.byteOffset).getUint32(0, true) : 0;
    if (size === 0 || size >= blob.length - 4 || size % 4 !== 0) throw this.#bad("its lengths do not fit together");
    // A copy, which is aligned.
    this.#units = new Uint32Array(blob.slice(4, 4 + size).buffer);
    if (!littleEndian) {
      const view = new DataView(blob.buffer, blob.byteOffset + 4, size);
      for (let at = 0; at < this.#units.length; at++) this.#units[at] = view.getUint32(4 * at, true);
    }
    this.replacements = blob.subarray(4 + size);
    for (let at = 0; at < this.replacements.length; ) {
      const end = this.#endOf(at);
      if (end - at > longestReplacement) throw this.#bad(`a replacement is longer than ${longestReplacement} bytes`);
      at = end + 1;
    }
  }

  /** Looks for the longest rule that replaces what stands at `at`. */
  find(bytes: Uint8Array, at: number, end: number): boolean {
    return this.#walk(bytes, at, end, false);
  }

  /** The same for the shortest. */
  findShortest(bytes: Uint8Array, at: number, end: number): boolean {
    return this.#walk(bytes, at, end, true);
  }

  #walk(bytes: Uint8Array, at: number, end: number, shortest: boolean): boolean {
    const units = this.#units;
    let unit = units[0] as number;
    let place = offsetOf(unit);
    let value = -1;
    this.matched = 0;
    let read = at;
    for (; read < end; read++) {
      const byte = bytes[read] as number;
      place ^= byte;
      unit = units[place] ?? 0x8000_0000;
      // The label of a unit, with the bit that marks units which hold values.
      if ((unit & 0x8000_00ff) !== byte) break;
      place ^= offsetOf(unit);
      if (unit & 0x100) {
        value = (units[place] ?? 0) & 0x7fff_ffff;
        this.matched = read + 1 - at;
        if (shortest) break;
      }
    }
    this.#steps += read - at - 8;
    if (this.#steps < 0) this.#steps = 0;
    if (this.#steps > 1_000_000) throw this.#bad("its rules are longer than any text's characters");
    if (value < 0) return false;
    if (value >= this.replacements.length) throw this.#bad("a rule points beyond its replacements");
    this.from = value;
    this.to = this.#endOf(value);
    return true;
  }

  /** Whether a byte below 0x80 stays as it is before every other byte below 0x80. */
  keepsAscii(byte: number): boolean {
    const units = this.#units;
    const place = offsetOf(units[0] as number) ^ byte;
    const unit = units[place] ?? 0x8000_0000;
    if ((unit & 0x8000_00ff) !== byte) return true;
    if (unit & 0x100) return false;
    const children = place ^ offsetOf(unit);
    for (let next = 0; next < 0x80; next++) if (((units[children ^ next] ?? 0x8000_0000) & 0x8000_00ff) === next) return false;
    return true;
  }

  #endOf(at: number): number {
    const end = this.replacements.indexOf(0, at);
    return end < 0 ? this.replacements.length : end;
  }

  #bad(what: string): CutawayError {
    return new CutawayError("bad-tokenizer", `the precompiled charsmap of ${this.#name} is broken: ${what}`, {
      fix: "Use the file as its author published it.",
      data: { file: this.#name },
    });
  }
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
